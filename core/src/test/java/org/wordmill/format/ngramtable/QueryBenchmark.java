package org.wordmill.format.ngramtable;

import java.io.BufferedInputStream;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;
import org.wordmill.format.kenlm.KenlmModel;
import org.wordmill.lm.CorpusScorer;
import org.wordmill.lm.Perplexity;
import org.wordmill.lm.Spelling;
import org.wordmill.ngram.NgramModel;
import org.wordmill.text.TextPolicy;

/**
 * Tokens a second of scoring a text by a table, in one thread: cutting it into words, finding them
 * and asking the table; the median and the best of rounds after a warm-up, and how long opening
 * took. Beside it, KenLM: the time of {@code query -v summary model.probing} for 24 copies of the
 * text less that for 12, so that neither loading nor the first touch of pages counts.
 *
 * <pre>
 * mvn -pl core test-compile
 * mvn -pl core dependency:build-classpath -DincludeScope=test -Dmdep.outputFile=target/classpath
 * java -cp core/target/classes:core/target/test-classes:$(cat core/target/classpath) \
 *   org.wordmill.format.ngramtable.QueryBenchmark model.arpa model.table text.txt [rounds]
 * </pre>
 *
 * The table is packed first if it is not there: compact and quantised if its name ends in 8. A
 * binary file of KenLM may stand in its place.
 */
final class QueryBenchmark {
  private QueryBenchmark() {}

  /**
   * @param arguments ARPA file, table, text, and the number of rounds, 60 by default
   */
  public static void main(String[] arguments) throws IOException {
    Path file = Path.of(arguments[1]);
    if (!Files.exists(file)) {
      long begin = System.nanoTime();
      try (InputStream arpa =
          new BufferedInputStream(Files.newInputStream(Path.of(arguments[0])), 1 << 20)) {
        TableLayout layout =
            file.toString().endsWith("8") ? TableLayout.COMPACT : TableLayout.PROBING;
        TablePacker.pack(
            arpa, arguments[0], file, layout, layout == TableLayout.COMPACT, System.err::println);
      }
      System.out.printf(Locale.ROOT, "packed in %.1f s%n", (System.nanoTime() - begin) * 1e-9);
    }
    byte[] text = Files.readAllBytes(Path.of(arguments[2]));
    int rounds = arguments.length > 3 ? Integer.parseInt(arguments[3]) : 60;
    NgramModel model = open(file);
    for (int i = 0; i < 3; i++) {
      long begin = System.nanoTime();
      model = open(file);
      System.out.printf(
          Locale.ROOT, "%s opened in %.2f ms%n", model, (System.nanoTime() - begin) * 1e-6);
    }
    double[] rates = new double[rounds];
    for (int i = 0; i < rounds; i++) {
      CorpusScorer scorer =
          new CorpusScorer(
              model,
              TextPolicy.DEFAULT.withReserved(TextPolicy.Reserved.UNKNOWN),
              new Spelling(26));
      long begin = System.nanoTime();
      Perplexity perplexity = scorer.score(new ByteArrayInputStream(text), arguments[2]);
      rates[i] = perplexity.tokens() / ((System.nanoTime() - begin) * 1e-9);
      if (i == 0) {
        System.out.println(perplexity.figures());
      }
    }
    double[] warm = Arrays.copyOfRange(rates, rounds / 2, rounds);
    Arrays.sort(warm);
    System.out.printf(
        Locale.ROOT,
        "tokens/s: median %.0f, best %.0f%n",
        warm[warm.length / 2],
        warm[warm.length - 1]);
  }

  private static NgramModel open(Path file) throws IOException {
    try (InputStream in = Files.newInputStream(file)) {
      return KenlmModel.isKenlm(in.readNBytes(128)) ? KenlmModel.open(file) : NgramTable.open(file);
    }
  }
}
