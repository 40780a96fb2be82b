package org.wordmill.exchange;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import org.wordmill.error.ExitCode;
import org.wordmill.error.WordmillException;
import org.wordmill.format.huggingface.CharacterTokenizerFile;
import org.wordmill.format.huggingface.Gpt2Config;
import org.wordmill.format.huggingface.Gpt2Names;
import org.wordmill.format.huggingface.TokenizerSettingsFile;
import org.wordmill.format.safetensors.SafetensorsWriter;
import org.wordmill.model.ModelConfig;
import org.wordmill.model.TransformerConfig;
import org.wordmill.module.attention.NormPlacement;
import org.wordmill.module.attention.PositionKind;
import org.wordmill.tape.Parameter;
import org.wordmill.tape.ParameterVector;
import org.wordmill.text.BpeFiles;
import org.wordmill.text.ByteLevelBpe;
import org.wordmill.text.Characters;
import org.wordmill.text.Tokenizer;

/**
 * Writes a Transformer of GPT-2's formula as a folder that Hugging Face's transformers loads as
 * {@code GPT2LMHeadModel}, bit for bit: {@code config.json}, {@code model.safetensors}, and the
 * tokenizer; byte pairs also as {@code vocab.json} and {@code merges.txt}. The configuration comes
 * last, so that a folder without it was never finished.
 */
public final class Gpt2Exporter {
  private Gpt2Exporter() {}

  /** The names of all that a folder of a model may consist of, an index of several files too. */
  public static Set<String> files() {
    return Set.of(
        Gpt2Files.CONFIG,
        Gpt2Files.WEIGHTS,
        Gpt2Files.INDEX,
        Gpt2Files.TOKENIZER,
        Gpt2Files.VOCABULARY,
        Gpt2Files.MERGES,
        Gpt2Files.TOKENIZER_SETTINGS);
  }

  /**
   * @param parameters of the layout of the model that {@code config} builds
   * @param folder without files of these names
   * @throws WordmillException USAGE when the layout cannot express the model or its tokenizer,
   *     STORAGE when it cannot be written
   */
  public static void write(
      ModelConfig config, ParameterVector parameters, Tokenizer tokenizer, ModelFolder folder) {
    TransformerConfig transformer = requireGpt2(config);
    int context = transformer.contextLength();
    Map<String, String> tokenizerFiles = tokenizerFiles(tokenizer);
    try {
      for (Map.Entry<String, String> file : tokenizerFiles.entrySet()) {
        text(folder, file.getKey(), file.getValue());
      }
      text(folder, Gpt2Files.TOKENIZER_SETTINGS, TokenizerSettingsFile.write(tokenizer, context));
      weights(parameters, folder);
      Gpt2Config file =
          new Gpt2Config(
              transformer.vocabularySize(),
              context,
              transformer.width(),
              transformer.layers(),
              transformer.heads(),
              transformer.dropout());
      text(folder, Gpt2Files.CONFIG, file.write(endOfText(tokenizer)));
    } catch (IOException e) {
      throw new WordmillException(
          ExitCode.STORAGE,
          "the model cannot be written: " + e,
          folder.location(),
          "make room or give another output",
          e);
    }
  }

  private static OptionalInt endOfText(Tokenizer tokenizer) {
    return tokenizer instanceof ByteLevelBpe bytePairs
            && bytePairs.specials().contains(ByteLevelBpe.END_OF_TEXT)
        ? OptionalInt.of(bytePairs.vocabulary().id(ByteLevelBpe.END_OF_TEXT))
        : OptionalInt.empty();
  }

  private static Map<String, String> tokenizerFiles(Tokenizer tokenizer) {
    if (tokenizer instanceof Characters characters) {
      return Map.of(Gpt2Files.TOKENIZER, CharacterTokenizerFile.write(characters));
    }
    if (tokenizer instanceof ByteLevelBpe bytePairs) {
      return Map.of(
          Gpt2Files.TOKENIZER, BpeFiles.tokenizer(bytePairs),
          Gpt2Files.VOCABULARY, BpeFiles.vocabulary(bytePairs),
          Gpt2Files.MERGES, BpeFiles.merges(bytePairs));
    }
    throw refusal("a tokenizer that is neither of characters nor of byte pairs");
  }

  private static TransformerConfig requireGpt2(ModelConfig config) {
    if (!(config instanceof TransformerConfig transformer)) {
      throw refusal("a model of kind " + config.kind());
    }
    if (transformer.positions() != PositionKind.LEARNED) {
      throw refusal("positions other than learned");
    }
    if (transformer.norm() != NormPlacement.PRE) {
      throw refusal("post-norm");
    }
    if (!transformer.residual()) {
      throw refusal("blocks without residual connections");
    }
    return transformer;
  }

  private static WordmillException refusal(String what) {
    return new WordmillException(
        ExitCode.USAGE,
        "the layout of GPT-2 cannot express " + what,
        "",
        "export a pre-norm Transformer of characters or byte pairs with learned positions");
  }

  private static void text(ModelFolder folder, String name, String text) throws IOException {
    folder.write(name, out -> out.write(text.getBytes(StandardCharsets.UTF_8)));
  }

  private static void weights(ParameterVector parameters, ModelFolder folder) throws IOException {
    Map<String, Parameter> byName = new LinkedHashMap<>();
    List<SafetensorsWriter.Shaped> tensors = new ArrayList<>();
    for (Parameter parameter : parameters.layout().parameters()) {
      String name = Gpt2Names.inFile(parameter.name());
      byName.put(name, parameter);
      tensors.add(new SafetensorsWriter.Shaped(name, Gpt2Layout.shapeInFile(parameter)));
    }
    SafetensorsWriter.Values values =
        name -> {
          Parameter parameter = byName.get(name);
          if (parameter == null) {
            throw new IllegalArgumentException(name + " is no parameter");
          }
          return Gpt2Layout.toFile(parameter, parameters.of(parameter).toFloats());
        };
    // Without this entry transformers refuses the file.
    Map<String, String> metadata = Map.of("format", "pt");
    folder.write(Gpt2Files.WEIGHTS, out -> SafetensorsWriter.write(tensors, metadata, values, out));
  }
}
