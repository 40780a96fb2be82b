package org.wordmill.submit.command;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import org.wordmill.ngram.BackoffModel;
import org.wordmill.ngram.EntropyPruning;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** A finished n-gram model to a smaller one. */
@Command(
    name = "prune",
    header = "A finished n-gram model to a smaller one.",
    description =
        "Leaves out every n-gram without which the perplexity of the model would change by less than"
            + " a threshold (relative entropy, Stolcke 1998), the longest first, as SRILM's -prune"
            + " does; back-off weights are computed anew. Unigrams stay. Needs the model in memory,"
            + " about 100 bytes for each n-gram. Counts are pruned while a model is made: estimate"
            + " --prune.",
    footer = {
      "",
      "Examples:",
      "  wordmill prune --arpa model.arpa --threshold 1e-8 --output small.arpa",
      "  wordmill prune --arpa model.arpa.gz --threshold 1e-7 --output small.arpa.gz --json"
    })
final class PruneCommand implements Callable<Integer> {
  private final Console console;

  @Mixin private CommonOptions common = new CommonOptions();

  @Option(
      names = "--arpa",
      required = true,
      paramLabel = "FILE",
      description = "The model, an ARPA file, plain or gzip.")
  private String arpa = "";

  @Option(
      names = "--threshold",
      required = true,
      paramLabel = "T",
      description =
          "The relative change of perplexity below which an n-gram goes: 1e-9 prunes a little, 1e-6"
              + " much.")
  private double threshold;

  @Option(
      names = "--output",
      required = true,
      paramLabel = "FILE",
      description = "The ARPA file to write; a name that ends in .gz is compressed.")
  private String output = "";

  @Mixin private OverwriteOption overwrite = new OverwriteOption();

  PruneCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() {
    ArpaFiles.check(output, overwrite.overwrite());
    BackoffModel model = ArpaFiles.read(arpa, console);
    EntropyPruning.Pruned pruned = EntropyPruning.prune(model, threshold);
    ArpaFiles.write(pruned.model(), output, overwrite.overwrite());
    Map<String, Object> result = new LinkedHashMap<>();
    result.put("output", output);
    result.put("threshold", threshold);
    result.put("entries", ArpaFiles.entries(pruned.model()));
    result.put("pruned", pruned.pruned());
    console.result(common, result, () -> asText(pruned));
    return 0;
  }

  private String asText(EntropyPruning.Pruned pruned) {
    List<Integer> entries = ArpaFiles.entries(pruned.model());
    List<List<String>> rows = new ArrayList<>();
    for (int i = 0; i < entries.size(); i++) {
      rows.add(
          List.of(
              String.valueOf(i + 1),
              String.valueOf(entries.get(i)),
              String.valueOf(pruned.pruned().get(i))));
    }
    return Tables.table(List.of("order", "n-grams", "pruned"), rows)
        + String.format(
            Locale.ROOT,
            "%s: %,d n-grams%n",
            output,
            entries.stream().mapToLong(Integer::longValue).sum());
  }
}
