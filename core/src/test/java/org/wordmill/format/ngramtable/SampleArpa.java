package org.wordmill.format.ngramtable;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Random;
import org.wordmill.format.arpa.ArpaReader;
import org.wordmill.format.arpa.ArpaWriter;
import org.wordmill.ngram.BackoffModel;
import org.wordmill.ngram.Discounts;
import org.wordmill.ngram.KneserNey;
import org.wordmill.ngram.KneserNeyOptions;
import org.wordmill.ngram.NgramCounter;
import org.wordmill.text.TextPolicy;

/** ARPA files of small random texts, and tables of them. */
final class SampleArpa {

  /** "a b c" without "b c", as other tools prune: the end of an n-gram is not always an n-gram. */
  static final String NOT_SUFFIX_CLOSED =
      """
      \\data\\
      ngram 1=6
      ngram 2=3
      ngram 3=2

      \\1-grams:
      -2\t<unk>\t0
      -99\t<s>\t-0.30103
      -0.5\t</s>\t0
      -1.25\ta\t-0.125
      -0.75\tb\t-0.0625
      -1.5\tc\t0

      \\2-grams:
      -0.25\t<s> a\t-0.5
      -0.375\ta b\t-0.25
      -0.5\tc a\t0

      \\3-grams:
      -0.125\ta b c
      -0.0625\tc a c

      \\end\\
      """;

  /** N-grams that go on where one sentence ends and the next begins. */
  static final String ACROSS_SENTENCES =
      """
      \\data\\
      ngram 1=6
      ngram 2=5
      ngram 3=3

      \\1-grams:
      -2\t<unk>\t0
      -99\t<s>\t-0.30103
      -0.5\t</s>\t-0.75
      -1.25\ta\t-0.125
      -0.75\tb\t-0.0625
      -1.5\tc\t0

      \\2-grams:
      -0.25\t<s> a\t-0.5
      -0.375\ta b\t-0.25
      -0.5\ta </s>\t-0.125
      -0.625\t</s> <s>\t-0.375
      -0.6875\tb </s>\t0

      \\3-grams:
      -0.125\t</s> <s> a
      -0.0625\ta </s> <s>
      -0.1875\ta b </s>

      \\end\\
      """;

  private SampleArpa() {}

  /** An interpolated Kneser-Ney model of a text of few words, pruned or not. */
  static String random(long seed, int order, String prune) throws IOException {
    return random(seed, order, prune, 40);
  }

  static String random(long seed, int order, String prune, int words) throws IOException {
    Random random = new Random(seed);
    StringBuilder text = new StringBuilder();
    for (int line = 0; line < 300; line++) {
      int length = random.nextInt(9);
      for (int i = 0; i < length; i++) {
        text.append("w")
            .append((int) (random.nextDouble() * random.nextDouble() * words))
            .append(' ');
      }
      text.append('\n');
    }
    KneserNeyOptions options =
        KneserNeyOptions.ofOrder(order).withFallbackDiscounts(Discounts.FALLBACK);
    NgramCounter counter = new NgramCounter(order, TextPolicy.DEFAULT);
    counter.read(stream(text.toString()), "text");
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ArpaWriter.write(
        KneserNey.estimate(counter.counts(), prune.isEmpty() ? options : options.withPruning(prune))
            .toModel(),
        out);
    return out.toString(StandardCharsets.UTF_8);
  }

  static BackoffModel inMemory(String arpa) throws IOException {
    return ArpaReader.read(stream(arpa), "sample.arpa", warning -> {});
  }

  static NgramTable table(String arpa, Path file) throws IOException {
    return table(arpa, file, TableLayout.PROBING, false);
  }

  static NgramTable table(String arpa, Path file, TableLayout layout, boolean quantized)
      throws IOException {
    TablePacker.pack(stream(arpa), "sample.arpa", file, layout, quantized, warning -> {});
    return NgramTable.open(file);
  }

  static ByteArrayInputStream stream(String text) {
    return new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8));
  }
}
