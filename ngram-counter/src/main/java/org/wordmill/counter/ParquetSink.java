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
 * Writes n-grams as Parquet straight from packed ids, without a row object for each. Snappy, as
 * Spark's default. The schema is Parquet's standard list:
 *
 * <pre>
 *   required group ngram (LIST) { repeated group list { required binary element (STRING) } }
 *   required int64 count
 * </pre>
 */
final class ParquetSink implements CountSink {
  /** What file names end in. */
  static final String SUFFIX = ".snappy.parquet";

  private static final MessageType SCHEMA =
      MessageTypeParser.parseMessageType(
          """
          message ngram_counts {
            required group ngram (LIST) {
              repeated group list {
                required binary element (STRING);
              }
            }
            required int64 count;
          }
          """);

  private final ParquetWriter<Integer> writer;
  private final Support support = new Support();

  ParquetSink(Path file, Configuration configuration) throws IOException {
    OutputFile output = HadoopOutputFile.fromPath(file, configuration);
    this.writer =
        new Builder(output, support)
            .withConf(configuration)
            .withCompressionCodec(CompressionCodecName.SNAPPY)
            .build();
  }

  @Override
  public void write(GramBatch batch) throws IOException {
    support.begin(batch);
    for (int i = 0; i < batch.size(); i++) {
      writer.write(i);
    }
  }

  @Override
  public void close() throws IOException {
    writer.close();
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

  /** Writes the n-gram with a given index in the current batch. */
  private static final class Support extends WriteSupport<Integer> {
    private @Nullable GramBatch batch;
    private @Nullable RecordConsumer consumer;

    void begin(GramBatch next) {
      batch = next;
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
    public void write(Integer index) {
      GramBatch grams = Objects.requireNonNull(batch);
      RecordConsumer out = Objects.requireNonNull(consumer);
      out.startMessage();
      out.startField("ngram", 0);
      out.startGroup();
      out.startField("list", 0);
      for (int position = 0; position < grams.order(); position++) {
        out.startGroup();
        out.startField("element", 0);
        out.addBinary(Binary.fromConstantByteArray(grams.word(index, position)));
        out.endField("element", 0);
        out.endGroup();
      }
      out.endField("list", 0);
      out.endGroup();
      out.endField("ngram", 0);
      out.startField("count", 1);
      out.addLong(grams.count(index));
      out.endField("count", 1);
      out.endMessage();
    }
  }
}
