package org.wordmill.counter;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.parquet.hadoop.ParquetWriter;
import org.apache.parquet.io.api.Binary;
import org.apache.parquet.io.api.RecordConsumer;

/**
 * Writes lines of ARPA as rows of Parquet, with the numbers that the lines have. A task has one
 * file open for each order, so row groups are smaller than usual.
 *
 * <pre>
 *   logprob TAB w1 SPACE w2 ... [TAB backoff] LF
 * </pre>
 */
final class ParquetModelSink implements LineSink {
  private static final long ROW_GROUP_BYTES = 16L << 20;

  private final ModelRows rows = new ModelRows();
  private final ParquetWriter<Integer> writer;

  ParquetModelSink(Path file, Configuration configuration) throws IOException {
    writer = rows.open(file, configuration, ROW_GROUP_BYTES);
  }

  @Override
  public void write(byte[] lines) throws IOException {
    rows.lines = lines;
    for (int from = 0; from < lines.length; from = indexOf(lines, '\n', from, lines.length) + 1) {
      writer.write(from);
    }
  }

  @Override
  public void close() throws IOException {
    writer.close();
  }

  /** The first place of a byte at or after {@code from}, or {@code end}. */
  private static int indexOf(byte[] bytes, char wanted, int from, int end) {
    int at = from;
    while (at < end && bytes[at] != wanted) {
      at++;
    }
    return at;
  }

  /** A row is the byte at which a line of the current chunk begins. */
  private static final class ModelRows extends NgramParquet {
    private byte[] lines = new byte[0];

    ModelRows() {
      super("ngram_model", "required double logprob; optional double backoff;");
    }

    @Override
    void words(int row) {
      int begin = indexOf(lines, '\t', row, lines.length) + 1;
      int end = wordsEnd(begin);
      for (int word = begin; word < end; ) {
        int wordEnd = indexOf(lines, ' ', word, end);
        word(Binary.fromReusedByteArray(lines, word, wordEnd - word));
        word = wordEnd + 1;
      }
    }

    private int wordsEnd(int begin) {
      return indexOf(lines, '\t', begin, indexOf(lines, '\n', begin, lines.length));
    }

    @Override
    void columns(RecordConsumer out, int row) {
      int words = indexOf(lines, '\t', row, lines.length) + 1;
      int wordsEnd = wordsEnd(words);
      int end = indexOf(lines, '\n', wordsEnd, lines.length);
      number(out, "logprob", 1, row, words - 1);
      if (wordsEnd < end) {
        number(out, "backoff", 2, wordsEnd + 1, end);
      }
    }

    private void number(RecordConsumer out, String field, int index, int from, int end) {
      out.startField(field, index);
      out.addDouble(
          Double.parseDouble(new String(lines, from, end - from, StandardCharsets.US_ASCII)));
      out.endField(field, index);
    }
  }
}
