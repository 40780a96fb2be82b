package org.wordmill.counter;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.zip.GZIPOutputStream;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.mapreduce.RecordWriter;
import org.apache.hadoop.mapreduce.TaskAttemptContext;
import org.apache.hadoop.mapreduce.lib.output.FileOutputFormat;
import org.apache.hadoop.mapreduce.lib.output.PathOutputCommitter;

/**
 * Writes chunks of whole lines by order: {@code order=N/part-PPPPP} under the output directory, one
 * file for each order and task, committed by Hadoop's committer, so that only the files of the
 * attempts that won are ever seen.
 */
public final class LineOutputFormat extends FileOutputFormat<Integer, byte[]> {
  /**
   * Configuration key: what the files' names end in; {@code .gz} compresses, that of Parquet makes
   * rows of the lines.
   */
  static final String SUFFIX = "wordmill.lines.suffix";

  static String directory(int order) {
    return "order=" + order;
  }

  @Override
  public RecordWriter<Integer, byte[]> getRecordWriter(TaskAttemptContext context)
      throws IOException {
    PathOutputCommitter committer = (PathOutputCommitter) getOutputCommitter(context);
    return new Writer(committer.getWorkPath(), context);
  }

  private static final class Writer extends RecordWriter<Integer, byte[]> {
    private final Path directory;
    private final TaskAttemptContext context;
    private final Map<Integer, LineSink> sinks = new TreeMap<>();

    Writer(Path directory, TaskAttemptContext context) {
      this.directory = directory;
      this.context = context;
    }

    @Override
    public void write(Integer order, byte[] lines) throws IOException {
      LineSink sink = sinks.get(order);
      if (sink == null) {
        sink = open(order);
        sinks.put(order, sink);
      }
      sink.write(lines);
    }

    private LineSink open(int order) throws IOException {
      String suffix = context.getConfiguration().get(SUFFIX, "");
      int task = context.getTaskAttemptID().getTaskID().getId();
      Path file =
          new Path(
              new Path(directory, directory(order)),
              String.format(Locale.ROOT, "part-%05d%s", task, suffix));

      if (suffix.equals(ParquetSink.SUFFIX)) {
        return new ParquetModelSink(file, context.getConfiguration());
      }
      OutputStream stored = FileSystems.plain(file, context.getConfiguration()).create(file, true);
      return new LineSink.Plain(
          suffix.endsWith(".gz")
              ? new GZIPOutputStream(stored, 1 << 16)
              : new BufferedOutputStream(stored, 1 << 16));
    }

    @Override
    public void close(TaskAttemptContext closing) throws IOException {
      IOException first = null;
      for (LineSink sink : sinks.values()) {
        try {
          sink.close();
        } catch (IOException e) {
          if (first == null) {
            first = e;
          } else {
            first.addSuppressed(e);
          }
        }
      }
      if (first != null) {
        throw first;
      }
    }
  }
}
