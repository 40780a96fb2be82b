package org.wordmill.format.arpa;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import org.wordmill.ngram.BackoffModel;

/**
 * Writes a back-off model as an ARPA file: {@code \data\}, how many n-grams of each order there
 * are, for each order a section of lines {@code log10 probability, tab, words, tab, log10 back-off}
 * and {@code \end\}. The highest order has no back-off.
 *
 * <p>Numbers have the fewest digits that read back as the same 32-bit float, so reading and writing
 * again gives the same bytes.
 */
public final class ArpaWriter {
  private static final int FLUSH_AT = 1 << 16;

  private ArpaWriter() {}

  /**
   * @param out is neither flushed nor closed
   */
  public static void write(BackoffModel model, OutputStream out) throws IOException {
    int order = model.order();
    byte[][] words = new byte[model.vocabulary().size()][];
    for (int id = 0; id < words.length; id++) {
      words[id] = model.vocabulary().token(id).getBytes(StandardCharsets.UTF_8);
    }
    long[] counts = new long[order];
    for (int k = 1; k <= order; k++) {
      counts[k - 1] = model.size(k);
    }
    ArpaBuffer buffer = new ArpaBuffer().header(counts);
    int[] ngram = new int[order];
    for (int k = 1; k <= order; k++) {
      buffer.beginOrder(k);
      for (int i = 0; i < model.size(k); i++) {
        model.ngram(k, i, ngram);
        if (k < order) {
          buffer.entry(model.log10Probability(k, i), words, ngram, 0, k, model.log10Backoff(k, i));
        } else {
          buffer.entry(model.log10Probability(k, i), words, ngram, 0, k);
        }
        if (buffer.length() > FLUSH_AT) {
          out.write(buffer.bytes(), 0, buffer.length());
          buffer.clear();
        }
      }
      buffer.endOrder();
    }
    buffer.end();
    out.write(buffer.bytes(), 0, buffer.length());
  }
}
