package org.wordmill.submit.command;

import java.util.List;
import java.util.Locale;
import org.wordmill.train.MixPlan;

/**
 * How a run draws on the sources of its mix, for people; the last column of the table is that of
 * Table 2.2 of GPT-3's paper.
 */
final class MixReport {
  private MixReport() {}

  /** What is to come, a line for each source. */
  static List<String> outlook(List<MixPlan.Progress> sources) {
    return sources.stream()
        .map(
            source ->
                String.format(
                    Locale.ROOT,
                    "mix: %s %.2f, %,d tokens, will be seen %s times",
                    source.source(),
                    source.weight(),
                    source.tokens(),
                    epochs(source)))
        .toList();
  }

  /** What was drawn. */
  static String table(List<MixPlan.Progress> sources) {
    return Tables.table(
        List.of("source", "tokens", "weight", "windows drawn", "share", "epochs elapsed"),
        sources.stream()
            .map(
                source ->
                    List.of(
                        source.source(),
                        String.format(Locale.ROOT, "%,d", source.tokens()),
                        String.format(Locale.ROOT, "%.4f", source.weight()),
                        String.format(Locale.ROOT, "%,d", source.windows()),
                        String.format(Locale.ROOT, "%.4f", source.share()),
                        epochs(source)))
            .toList());
  }

  /** As short as in the paper, and still not zero where little was seen of much. */
  private static String epochs(MixPlan.Progress source) {
    return String.format(Locale.ROOT, source.epochs() < 0.1 ? "%.4f" : "%.2f", source.epochs());
  }
}
