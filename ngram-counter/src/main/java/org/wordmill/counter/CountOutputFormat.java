package org.wordmill.counter;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.Locale;
import java.util.zip.GZIPOutputStream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.mapreduce.RecordWriter;
import org.apache.hadoop.mapreduce.TaskAttemptContext;
import org.apache.hadoop.mapreduce.lib.output.FileOutputFormat;
import org.apache.hadoop.mapreduce.lib.output.PathOutputCommitter;
import org.jspecify.annotations.Nullable;

/**
 * Writes batches of counts, which come order by order: {@code order=N/part-PPPPP} under the output
 * directory, one file for each order and task, committed by Hadoop's committer.
 */
public final class CountOutputFormat extends FileOutputFormat<Integer, GramBatch> {
  /** Configuration key: the name of a {@link CountOptions.Format}. */
  static final String FORMAT = "wordmill.counts.format";

  /** Configuration key: whether lines are written as gzip. */
  static final String COMPRESSED = "wordmill.counts.compressed";

  @Override
  public RecordWriter<Integer, GramBatch> getRecordWriter(TaskAttemptContext context)
      throws IOException {
    PathOutputCommitter committer = (PathOutputCommitter) getOutputCommitter(context);
    return new Writer(
        committer.getWorkPath(),
        context.getTaskAttemptID().getTaskID().getId(),
        context.getConfiguration());
  }

  private static final class Writer extends RecordWriter<Integer, GramBatch> {
    private final Path directory;
    private final int task;
    private final Configuration configuration;
    private int order;
    private @Nullable CountSink sink;

    Writer(Path directory, int task, Configuration configuration) {
      this.directory = directory;
      this.task = task;
      this.configuration = configuration;
    }

    @Override
    public void write(Integer batchOrder, GramBatch batch) throws IOException {
      CountSink open = sink;
      if (open == null || order != batchOrder) {
        closeSink();
        order = batchOrder;
        open = open(order);
        sink = open;
      }
      open.write(batch);
    }

    private CountSink open(int ofOrder) throws IOException {
      String name = String.format(Locale.ROOT, "part-%05d", task);
      Path parent = new Path(directory, LineOutputFormat.directory(ofOrder));
      return switch (CountOptions.Format.valueOf(configuration.get(FORMAT))) {
        case WEB1T -> lines(Web1T.part(directory, ofOrder, task), true);
        case PARQUET -> new ParquetSink(new Path(parent, name + ParquetSink.SUFFIX), configuration);
        case TSV -> {
          boolean compressed = configuration.getBoolean(COMPRESSED, false);
          yield lines(new Path(parent, name + (compressed ? ".tsv.gz" : ".tsv")), compressed);
        }
      };
    }

    private TsvSink lines(Path file, boolean compressed) throws IOException {
      OutputStream out = FileSystems.plain(file, configuration).create(file, true);
      return new TsvSink(
          new BufferedOutputStream(compressed ? new GZIPOutputStream(out, 1 << 16) : out, 1 << 16));
    }

    @Override
    public void close(TaskAttemptContext context) throws IOException {
      closeSink();
    }

    private void closeSink() throws IOException {
      if (sink != null) {
        sink.close();
        sink = null;
      }
    }
  }
}
