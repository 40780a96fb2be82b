package org.wordmill.submit.command;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.wordmill.error.ExitCode;
import org.wordmill.error.WordmillException;
import org.wordmill.submit.report.Report;
import org.wordmill.text.Vocabulary;

/** The most frequent n-grams of counts in TSV on this machine, those inside of sentences. */
final class TopNgrams {
  private static final int SHOWN = 10;
  private static final Comparator<Report.Count> BY_COUNT =
      Comparator.comparingLong((Report.Count count) -> -count.count())
          .thenComparing(Report.Count::ngram);

  private TopNgrams() {}

  /**
   * @param directory with {@code order=N/part-*.tsv}
   * @param distinct how many n-grams there are, by order
   */
  static List<Report.FrequentNgrams> read(Path directory, List<Long> distinct) {
    List<Report.FrequentNgrams> orders = new ArrayList<>();
    try {
      for (int order = 1; order <= distinct.size(); order++) {
        orders.add(
            new Report.FrequentNgrams(
                order, distinct.get(order - 1), top(directory.resolve("order=" + order))));
      }
    } catch (IOException e) {
      throw new WordmillException(
          ExitCode.STORAGE, "the counts cannot be read: " + e, directory.toString(), "", e);
    }
    return orders;
  }

  private static List<Report.Count> top(Path directory) throws IOException {
    List<Report.Count> counts = new ArrayList<>();
    try (DirectoryStream<Path> parts = Files.newDirectoryStream(directory, "part-*.tsv")) {
      for (Path part : parts) {
        for (String line : Files.readAllLines(part, StandardCharsets.UTF_8)) {
          int tab = line.lastIndexOf('\t');
          Report.Count count =
              new Report.Count(line.substring(0, tab), Long.parseLong(line.substring(tab + 1)));
          if (isInside(count.ngram())) {
            counts.add(count);
          }
        }
      }
    }
    return counts.stream().sorted(BY_COUNT).limit(SHOWN).toList();
  }

  private static boolean isInside(String ngram) {
    List<String> words = List.of(ngram.split(" "));
    return !words.contains(Vocabulary.BEGIN) && !words.contains(Vocabulary.END);
  }

  /** {@code of the mill (12), out of the (11), ...}. */
  static String inOneLine(Report.FrequentNgrams ngrams) {
    return String.join(
        ", ",
        ngrams.top().stream()
            .limit(5)
            .map(count -> count.ngram() + " (" + count.count() + ")")
            .toList());
  }
}
