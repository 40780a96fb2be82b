package org.wordmill.exchange;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.wordmill.error.ExitCode;
import org.wordmill.error.WordmillException;
import org.wordmill.format.huggingface.CharacterTokenizerFile;
import org.wordmill.format.huggingface.Gpt2Config;
import org.wordmill.format.json.Json;
import org.wordmill.model.TransformerConfig;
import org.wordmill.tape.ParameterVector;
import org.wordmill.text.BpeFiles;
import org.wordmill.text.Tokenizer;
import org.wordmill.text.TokenizerFiles;

/**
 * Reads a folder in the layout of Hugging Face's {@code GPT2LMHeadModel}: {@code config.json}, the
 * parameters in {@code model.safetensors} or in the files of {@code model.safetensors.index.json},
 * and a tokenizer of characters or byte pairs. F32 parameters come over bit for bit; F16 and BF16
 * are widened, which is exact.
 */
public final class Gpt2Importer {
  private final ModelFolder folder;
  private final Consumer<String> notices;

  /**
   * @param notices told, in a sentence, what is not taken over and changes no prediction
   */
  public Gpt2Importer(ModelFolder folder, Consumer<String> notices) {
    this.folder = folder;
    this.notices = notices;
  }

  /**
   * @param given the tokenizer; when empty, that of the folder
   * @throws WordmillException STORAGE when a file is missing or cannot be read, CORRUPT when one is
   *     damaged or the model is none of GPT-2's formula, USAGE when a tokenizer has to be given
   */
  public ImportedModel read(Optional<Tokenizer> given) {
    try {
      TransformerConfig config = config();
      Tokenizer tokenizer = given.isPresent() ? given.get() : tokenizer();
      if (tokenizer.vocabulary().size() != config.vocabularySize()) {
        throw new WordmillException(
            ExitCode.CORRUPT,
            "the model has a vocabulary of "
                + config.vocabularySize()
                + ", the tokenizer one of "
                + tokenizer.vocabulary().size(),
            folder.location(),
            "give the tokenizer that the model was trained with");
      }
      ParameterVector parameters = new Gpt2Weights(folder).read(config);
      return new ImportedModel(config, parameters, tokenizer);
    } catch (IOException e) {
      throw new WordmillException(
          ExitCode.STORAGE,
          "the model cannot be read: " + e,
          folder.location(),
          "check that it exists and is readable",
          e);
    }
  }

  private TransformerConfig config() throws IOException {
    Gpt2Config file = Gpt2Config.read(text(Gpt2Files.CONFIG), place(Gpt2Files.CONFIG), notices);
    try {
      return new TransformerConfig(
          file.vocabularySize(),
          file.positions(),
          file.layers(),
          file.heads(),
          file.width(),
          file.dropout());
    } catch (WordmillException e) {
      throw new WordmillException(
          ExitCode.CORRUPT, String.valueOf(e.getMessage()), place(Gpt2Files.CONFIG), "", e);
    }
  }

  /** Characters or byte pairs in {@code tokenizer.json}, or the two files of the first GPT-2. */
  private Tokenizer tokenizer() throws IOException {
    if (folder.length(Gpt2Files.TOKENIZER).isPresent()) {
      String text = text(Gpt2Files.TOKENIZER);
      Optional<? extends Tokenizer> characters =
          CharacterTokenizerFile.read(text, place(Gpt2Files.TOKENIZER));
      return characters.isPresent() ? characters.get() : bytePairs(text);
    }
    if (folder.length(Gpt2Files.VOCABULARY).isPresent()
        && folder.length(Gpt2Files.MERGES).isPresent()) {
      return BpeFiles.read(text(Gpt2Files.VOCABULARY), text(Gpt2Files.MERGES), folder.location());
    }
    throw unknownTokenizer("there is no " + Gpt2Files.TOKENIZER, folder.location(), null);
  }

  private Tokenizer bytePairs(String text) {
    try {
      return TokenizerFiles.read(text, place(Gpt2Files.TOKENIZER));
    } catch (WordmillException e) {
      throw unknownTokenizer(
          "the " + Gpt2Files.TOKENIZER + " is of no kind that is known here: " + e.getMessage(),
          "",
          e);
    }
  }

  private WordmillException unknownTokenizer(String what, String where, @Nullable Throwable cause) {
    return new WordmillException(
        ExitCode.USAGE,
        what,
        where,
        "give a tokenizer.json of Wordmill with the same tokens by --tokenizer",
        cause);
  }

  private String text(String name) throws IOException {
    OptionalLong length = folder.length(name);
    if (length.isEmpty()) {
      throw new WordmillException(
          ExitCode.STORAGE,
          "there is no " + name,
          folder.location(),
          "give a folder that transformers has saved");
    }
    if (length.getAsLong() > Json.CHARACTERS) {
      throw new WordmillException(
          ExitCode.CORRUPT, length.getAsLong() + " bytes are too many", place(name), "");
    }
    try (InputStream in = folder.open(name)) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  private String place(String name) {
    return folder.location() + "/" + name;
  }
}
