package org.wordmill.format.ngramtable;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Consumer;
import org.wordmill.format.arpa.ArpaBuffer;
import org.wordmill.format.arpa.ArpaReader;

/** Makes tables of ARPA files, and ARPA files of tables. */
public final class TablePacker {
  private static final int FLUSH_AT = 1 << 16;

  private TablePacker() {}

  /**
   * Packs an ARPA file, plain or gzip. The table appears under its name when it is whole, in the
   * place of what may be there.
   *
   * @param arpa read to its end, not closed
   * @param name of the ARPA file, for messages
   * @param quantized whether probabilities and back-offs above order 1 become 8-bit codes; for the
   *     compact layout
   * @param warnings gets a line for each thing that is odd but no error
   */
  public static void pack(
      InputStream arpa,
      String name,
      Path table,
      TableLayout layout,
      boolean quantized,
      Consumer<String> warnings)
      throws IOException {
    if (layout == TableLayout.PROBING) {
      if (quantized) {
        throw new IllegalArgumentException("the probing layout has no codes");
      }
      probing(arpa, name, table, warnings);
      return;
    }
    // The sorted trie is made from the hash tables, which take n-grams in any order.
    Path unsorted = TableFile.beside(table, "probing");
    try {
      probing(arpa, name, unsorted, warnings);
      try (TableFile file = new TableFile(table)) {
        new CompactWriter(NgramTable.open(unsorted), file, quantized).write();
      }
    } finally {
      Files.deleteIfExists(unsorted);
    }
  }

  private static void probing(InputStream arpa, String name, Path table, Consumer<String> warnings)
      throws IOException {
    try (TableFile file = new TableFile(table);
        ProbingWriter writer = new ProbingWriter(file)) {
      ArpaReader.read(arpa, name, warnings, writer);
      writer.finish();
    }
  }

  /**
   * Writes a table as an ARPA file, the n-grams of an order sorted by their word ids.
   *
   * @param out is neither flushed nor closed
   */
  public static void unpack(NgramTable table, OutputStream out) throws IOException {
    int order = table.order();
    byte[][] words = new byte[table.vocabulary().size()][];
    for (int id = 0; id < words.length; id++) {
      words[id] = table.vocabulary().token(id).getBytes(StandardCharsets.UTF_8);
    }
    long[] counts = new long[order];
    for (int k = 1; k <= order; k++) {
      counts[k - 1] = table.ngrams(k);
    }
    ArpaBuffer buffer = new ArpaBuffer().header(counts);
    for (int k = 1; k <= order; k++) {
      int length = k;
      buffer.beginOrder(k);
      table.forEach(
          k,
          (ngram, probability, backoff) -> {
            if (length < order) {
              buffer.entry(probability, words, ngram, 0, length, backoff);
            } else {
              buffer.entry(probability, words, ngram, 0, length);
            }
            if (buffer.length() > FLUSH_AT) {
              out.write(buffer.bytes(), 0, buffer.length());
              buffer.clear();
            }
          });
      buffer.endOrder();
    }
    buffer.end();
    out.write(buffer.bytes(), 0, buffer.length());
  }
}
