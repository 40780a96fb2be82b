package org.wordmill.counter;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Objects;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.parquet.hadoop.ParquetWriter;
import org.apache.parquet.hadoop.api.WriteSupport;
import org.apache.parquet.hadoop.metadata.CompressionCodecName;
import org.apache.parquet.hadoop.util.HadoopOutputFile;
import org.apache.parquet.io.OutputFile;
import org.apache.parquet.io.api.Binary;
import org.apache.parquet.io.api.RecordConsumer;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.MessageTypeParser;
import org.jspecify.annotations.Nullable;

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

  private static final MessageType SCHEMA =
      MessageTypeParser.parseMessageType(
          """
          message ngram_model {
            required group ngram (LIST) {
              repeated group list {
                required binary element (STRING);
              }
            }
            required double logprob;
            optional double backoff;
          }
          """);

  private final ParquetWriter<Integer> writer;
  private final Support support = new Support();

  ParquetModelSink(Path file, Configuration configuration) throws IOException {
    OutputFile output = HadoopOutputFile.fromPath(file, configuration);
    this.writer =
        new Builder(output, support)
            .withConf(configuration)
            .withCompressionCodec(CompressionCodecName.SNAPPY)
            .withRowGroupSize(ROW_GROUP_BYTES)
            .build();
  }

  @Override
  public void write(byte[] lines) throws IOException {
    support.begin(lines);
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

  private static final class Builder extends ParquetWriter.Builder<Integer, Builder> {
    private final Support support;

    Builder(OutputFile output, Support support) {
      super(output);
      this.support = support;
    }

    @Override
    protected Builder self() {
      return this;
    }

    @Override
    protected WriteSupport<Integer> getWriteSupport(Configuration configuration) {
      return support;
    }
  }

  /** Writes the line that begins at a given byte of the current chunk. */
  private static final class Support extends WriteSupport<Integer> {
    private byte[] lines = new byte[0];
    private @Nullable RecordConsumer consumer;

    void begin(byte[] next) {
      lines = next;
    }

    @Override
    public WriteContext init(Configuration configuration) {
      return new WriteContext(SCHEMA, Map.of());
    }

    @Override
    public void prepareForWrite(RecordConsumer recordConsumer) {
      consumer = recordConsumer;
    }

    @Override
    public void write(Integer from) {
      RecordConsumer out = Objects.requireNonNull(consumer);
      int end = indexOf(lines, '\n', from, lines.length);
      int words = indexOf(lines, '\t', from, end) + 1;
      int wordsEnd = indexOf(lines, '\t', words, end);
      out.startMessage();
      out.startField("ngram", 0);
      out.startGroup();
      out.startField("list", 0);
      for (int word = words; word < wordsEnd; ) {
        int wordEnd = indexOf(lines, ' ', word, wordsEnd);
        out.startGroup();
        out.startField("element", 0);
        out.addBinary(Binary.fromReusedByteArray(lines, word, wordEnd - word));
        out.endField("element", 0);
        out.endGroup();
        word = wordEnd + 1;
      }
      out.endField("list", 0);
      out.endGroup();
      out.endField("ngram", 0);
      number(out, "logprob", 1, from, words - 1);
      if (wordsEnd < end) {
        number(out, "backoff", 2, wordsEnd + 1, end);
      }
      out.endMessage();
    }

    private void number(RecordConsumer out, String field, int index, int from, int end) {
      out.startField(field, index);
      out.addDouble(
          Double.parseDouble(new String(lines, from, end - from, StandardCharsets.US_ASCII)));
      out.endField(field, index);
    }
  }
}
