package org.wordmill.trainer;

import java.io.BufferedOutputStream;
import java.io.BufferedReader;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStreamWriter;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.function.DoubleSupplier;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSDataOutputStream;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.wordmill.error.ExitCode;
import org.wordmill.error.WordmillException;
import org.wordmill.train.EventLog;
import org.wordmill.train.MetricsLog;
import org.wordmill.train.Schedule;

/**
 * The output directory of a training run.
 *
 * <pre>
 * tokenizer.json         tokens/training, tokens/validation    token shards
 * config.json            checkpoints/step-00000420.*           checkpoints
 * best                   the path of the best of them, from here
 * metrics.jsonl          tensorboard/events.out.tfevents.*     one for each time it was begun or resumed
 * </pre>
 */
final class RunDirectory {
  private static final String CHECKPOINTS = "checkpoints";

  private final Path root;
  private final FileSystem files;

  RunDirectory(String output, Configuration configuration) {
    try {
      Path path = new Path(output);
      this.files = HadoopFiles.of(path, configuration);
      this.root = files.makeQualified(path);
    } catch (IllegalArgumentException e) {
      throw new WordmillException(
          ExitCode.STORAGE, "this is not a path: " + e.getMessage(), output, "name a directory", e);
    } catch (IOException e) {
      throw HadoopFiles.fault("the output cannot be used", new Path(output), e);
    }
  }

  Path root() {
    return root;
  }

  static Path checkpoints(Path root) {
    return new Path(root, CHECKPOINTS);
  }

  /**
   * Says which checkpoint is the best, until the next.
   *
   * @param checkpoint its directory among the checkpoints
   */
  void pointTo(String checkpoint) {
    write("best", CHECKPOINTS + "/" + checkpoint + "\n");
  }

  /**
   * Makes the directory, before any work is done that could be lost.
   *
   * @throws WordmillException STORAGE when it is not empty and the run is not resumed, or cannot be
   *     written to
   */
  void prepare(boolean resume) {
    try {
      if (!resume
          && files.exists(root)
          && (!files.getFileStatus(root).isDirectory() || files.listStatus(root).length > 0)) {
        throw new WordmillException(
            ExitCode.STORAGE,
            "the output exists",
            root.toString(),
            "give another output, or resume the run that is there");
      }
      if (!files.mkdirs(root)) {
        throw new IOException("mkdirs failed");
      }
    } catch (IOException e) {
      throw HadoopFiles.fault("the output cannot be made", root, e);
    }
  }

  /** Writes a small file, replacing an older one. */
  void write(String name, String text) {
    Path file = new Path(root, name);
    try {
      HadoopFiles.writeText(files, file, text);
    } catch (IOException e) {
      throw HadoopFiles.fault("cannot be written", file, e);
    }
  }

  /**
   * Opens the log of metrics, with the lines of the first {@code step} steps from an earlier one.
   */
  MetricsLog metrics(long step, Schedule schedule) {
    Path file = new Path(root, "metrics.jsonl");
    try {
      List<String> earlier = List.of();
      if (step > 0) {
        try (BufferedReader log =
            new BufferedReader(new InputStreamReader(files.open(file), StandardCharsets.UTF_8))) {
          earlier = MetricsLog.linesUpTo(step, log);
        } catch (FileNotFoundException e) {
          // A run whose log was moved away goes on with a new one.
          earlier = List.of();
        }
      }
      FSDataOutputStream out = files.create(file, true);
      MetricsLog log = new MetricsLog(new FlushedWriter(out), file.toString(), schedule);
      log.copy(earlier);
      return log;
    } catch (IOException e) {
      throw HadoopFiles.fault("the log of metrics cannot be written", file, e);
    }
  }

  /** Opens an event file of TensorBoard for what follows the first {@code step} steps. */
  EventLog events(long step, Schedule schedule) {
    DoubleSupplier clock = () -> System.currentTimeMillis() / 1e3;
    long seconds = (long) clock.getAsDouble();
    Path file =
        new Path(root, "tensorboard/events.out.tfevents.%d.wordmill.%d".formatted(seconds, step));
    try {
      FSDataOutputStream out = files.create(file, true);
      return new EventLog(new FlushedStream(out), file.toString(), schedule, clock);
    } catch (IOException e) {
      throw HadoopFiles.fault("events for TensorBoard cannot be written", file, e);
    }
  }

  /** Bytes whose {@code flush} makes them visible to readers, on HDFS too. */
  private static final class FlushedStream extends BufferedOutputStream {
    private final FSDataOutputStream stored;

    FlushedStream(FSDataOutputStream stored) {
      super(stored);
      this.stored = stored;
    }

    @Override
    public synchronized void flush() throws IOException {
      super.flush();
      stored.hflush();
    }
  }

  /** Text whose {@code flush} makes it visible to readers, on HDFS too. */
  private static final class FlushedWriter extends OutputStreamWriter {
    private final FSDataOutputStream out;

    FlushedWriter(FSDataOutputStream out) {
      super(out, StandardCharsets.UTF_8);
      this.out = out;
    }

    @Override
    public void flush() throws IOException {
      super.flush();
      out.hflush();
    }
  }
}
