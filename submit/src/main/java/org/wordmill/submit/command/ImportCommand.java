package org.wordmill.submit.command;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.apache.hadoop.conf.Configuration;
import org.jspecify.annotations.Nullable;
import org.wordmill.exchange.Gpt2Importer;
import org.wordmill.exchange.ImportedModel;
import org.wordmill.text.Tokenizer;
import org.wordmill.text.TokenizerFiles;
import org.wordmill.trainer.DataParallelTrainer;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** A GPT-2 of Hugging Face's transformers as a model of ours. */
@Command(
    name = "import",
    header = "A Hugging Face GPT-2 folder as a trained model.",
    description =
        "Reads config.json and model.safetensors, or the files of model.safetensors.index.json, of"
            + " a GPT2LMHeadModel. score, generate and compare take the output as a model, and"
            + " train --from trains on from it. F16 and BF16 are widened to F32.",
    footer = {
      "",
      "Examples:",
      "  wordmill import --input gpt2 --output imported",
      "  wordmill train --from imported --config my.conf --input train.txt --output tuned"
    })
final class ImportCommand implements Callable<Integer> {
  private final Console console;

  @Mixin private CommonOptions common = new CommonOptions();
  @Mixin private OverwriteOption overwrite = new OverwriteOption();

  @Option(
      names = "--input",
      required = true,
      paramLabel = "DIR",
      description = "The folder that transformers has saved.")
  private String input = "";

  @Option(
      names = "--output",
      required = true,
      paramLabel = "DIR",
      description = "The directory of the model. It must not be there, or be empty or overwritten.")
  private String output = "";

  @Option(
      names = "--tokenizer",
      paramLabel = "FILE",
      description =
          "The tokenizer.json of an output of train whose tokens are the model's. Default: the"
              + " tokenizer of the folder, which must be one of characters or of byte pairs.")
  private @Nullable String tokenizer;

  ImportCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() {
    Configuration configuration = new Configuration();
    DataParallelTrainer.requireFree(output, configuration, overwrite.overwrite());
    Optional<Tokenizer> given =
        Optional.ofNullable(tokenizer)
            .map(
                file ->
                    TokenizerFiles.read(
                        RunFile.at(file, configuration).read("no tokenizer"), file));
    ImportedModel imported =
        new Gpt2Importer(
                new HadoopModelFolder(input, configuration),
                notice -> console.note("warning: " + notice))
            .read(given);
    String checkpoint =
        DataParallelTrainer.save(output, configuration, imported.snapshot(), overwrite.overwrite());
    Map<String, Object> result = new LinkedHashMap<>();
    result.put("output", output);
    result.put("checkpoint", checkpoint);
    result.put("parameters", imported.parameters().layout().parameterCount());
    result.put("vocabulary", imported.tokenizer().vocabulary().size());
    result.put("context_length", imported.config().contextLength());
    ReportFile.ofFolder(output).write(result, configuration, console);
    console.result(common, result, () -> Tables.facts(result));
    return 0;
  }
}
