package org.wordmill.submit.command;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import org.apache.hadoop.conf.Configuration;
import org.wordmill.checkpoint.TrainedModel;
import org.wordmill.exchange.Gpt2Exporter;
import org.wordmill.kernel.KernelChoice;
import org.wordmill.trainer.DataParallelTrainer;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** A trained Transformer as a folder for Hugging Face's transformers. */
@Command(
    name = "export",
    header = "A trained Transformer as a Hugging Face GPT-2 folder.",
    description =
        "Writes config.json, model.safetensors and the tokenizer of a Transformer of characters or"
            + " byte pairs with learned positions and pre-norm, so that transformers loads them as"
            + " GPT2LMHeadModel."
            + " The numbers are those of the best checkpoint, bit for bit.",
    footer = {"", "Examples:", "  wordmill export --model run --output gpt2"})
final class ExportCommand implements Callable<Integer> {
  private final Console console;

  @Mixin private CommonOptions common = new CommonOptions();
  @Mixin private OverwriteOption overwrite = new OverwriteOption();

  @Option(
      names = "--model",
      required = true,
      paramLabel = "DIR",
      description = "The output directory of train or import.")
  private String model = "";

  @Option(
      names = "--output",
      required = true,
      paramLabel = "DIR",
      description = "The folder to write. It must not be there, or be empty or overwritten.")
  private String output = "";

  ExportCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() {
    Configuration configuration = new Configuration();
    try (HadoopModelFolder folder = new HadoopModelFolder(output, configuration)) {
      export(folder, configuration);
    }
    return 0;
  }

  private void export(HadoopModelFolder folder, Configuration configuration) {
    if (overwrite.overwrite()) {
      Set<String> names = new TreeSet<>(Gpt2Exporter.files());
      names.add(ReportFile.NAME);
      folder.replace(names);
    } else {
      folder.requireEmpty();
    }
    Map<String, Object> result = new LinkedHashMap<>();
    try (TrainedModel trained =
        DataParallelTrainer.open(
            model,
            configuration,
            KernelChoice.AUTO,
            notice -> console.note("warning: " + notice))) {
      Gpt2Exporter.write(trained.config(), trained.parameters(), trained.tokenizer(), folder);
      folder.publish();
      result.put("output", output);
      result.put("checkpoint", trained.manifest().directory());
      result.put("step", trained.manifest().step());
      result.put("parameters", trained.parameters().layout().parameterCount());
      result.put("vocabulary", trained.tokenizer().vocabulary().size());
    }
    ReportFile.ofFolder(output).write(result, configuration, console);
    console.result(common, result, () -> Tables.facts(result));
  }
}
