package org.wordmill.counter;

import java.io.IOException;
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
 * Rows of Parquet whose first column is an n-gram, written without an object for each: a row is a
 * number that says where it lies in what the subclass holds. Snappy, as Spark's default. The schema
 * begins with Parquet's standard list:
 *
 * <pre>
 *   required group ngram (LIST) { repeated group list { required binary element (STRING) } }
 * </pre>
 */
abstract class NgramParquet extends WriteSupport<Integer> {
  private static final String NGRAM =
      """
      required group ngram (LIST) {
        repeated group list {
          required binary element (STRING);
        }
      }
      """;

  private final MessageType schema;
  private @Nullable RecordConsumer consumer;

  /**
   * @param name of the rows
   * @param columns behind the n-gram, as Parquet's schemas are written
   */
  NgramParquet(String name, String columns) {
    schema = MessageTypeParser.parseMessageType("message " + name + " {" + NGRAM + columns + "}");
  }

  /** A file of such rows. */
  final ParquetWriter<Integer> open(Path file, Configuration configuration, long rowGroupBytes)
      throws IOException {
    return new Builder(HadoopOutputFile.fromPath(file, configuration), this)
        .withConf(configuration)
        .withCompressionCodec(CompressionCodecName.SNAPPY)
        .withRowGroupSize(rowGroupBytes)
        .build();
  }

  /** Writes the words of a row, each by {@link #word}. */
  abstract void words(int row);

  /** Writes the columns behind the n-gram, of which the first has the index 1. */
  abstract void columns(RecordConsumer out, int row);

  final void word(Binary word) {
    RecordConsumer out = Objects.requireNonNull(consumer);
    out.startGroup();
    out.startField("element", 0);
    out.addBinary(word);
    out.endField("element", 0);
    out.endGroup();
  }

  @Override
  public final WriteContext init(Configuration configuration) {
    return new WriteContext(schema, Map.of());
  }

  @Override
  public final void prepareForWrite(RecordConsumer recordConsumer) {
    consumer = recordConsumer;
  }

  @Override
  public final void write(Integer row) {
    RecordConsumer out = Objects.requireNonNull(consumer);
    out.startMessage();
    out.startField("ngram", 0);
    out.startGroup();
    out.startField("list", 0);
    words(row);
    out.endField("list", 0);
    out.endGroup();
    out.endField("ngram", 0);
    columns(out, row);
    out.endMessage();
  }

  private static final class Builder extends ParquetWriter.Builder<Integer, Builder> {
    private final NgramParquet rows;

    Builder(OutputFile output, NgramParquet rows) {
      super(output);
      this.rows = rows;
    }

    @Override
    protected Builder self() {
      return this;
    }

    @Override
    protected WriteSupport<Integer> getWriteSupport(Configuration configuration) {
      return rows;
    }
  }
}
