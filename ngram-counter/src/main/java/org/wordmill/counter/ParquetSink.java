package org.wordmill.counter;

import java.io.IOException;
import java.util.Objects;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.parquet.hadoop.ParquetWriter;
import org.apache.parquet.io.api.Binary;
import org.apache.parquet.io.api.RecordConsumer;
import org.jspecify.annotations.Nullable;

/** Writes n-grams and their counts as Parquet straight from packed ids. */
final class ParquetSink implements CountSink {
  /** What file names end in. */
  static final String SUFFIX = ".snappy.parquet";

  private final CountRows rows = new CountRows();
  private final ParquetWriter<Integer> writer;

  ParquetSink(Path file, Configuration configuration) throws IOException {
    writer = rows.open(file, configuration, ParquetWriter.DEFAULT_BLOCK_SIZE);
  }

  @Override
  public void write(GramBatch batch) throws IOException {
    rows.batch = batch;
    for (int i = 0; i < batch.size(); i++) {
      writer.write(i);
    }
  }

  @Override
  public void close() throws IOException {
    writer.close();
  }

  /** A row is the index of an n-gram in the current batch. */
  private static final class CountRows extends NgramParquet {
    private @Nullable GramBatch batch;

    CountRows() {
      super("ngram_counts", "required int64 count;");
    }

    private GramBatch batch() {
      return Objects.requireNonNull(batch);
    }

    @Override
    void words(int row) {
      for (int position = 0; position < batch().order(); position++) {
        word(Binary.fromConstantByteArray(batch().word(row, position)));
      }
    }

    @Override
    void columns(RecordConsumer out, int row) {
      out.startField("count", 1);
      out.addLong(batch().count(row));
      out.endField("count", 1);
    }
  }
}
