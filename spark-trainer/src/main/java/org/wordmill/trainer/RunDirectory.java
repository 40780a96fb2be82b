package org.wordmill.trainer;

import java.io.BufferedOutputStream;
import java.io.BufferedReader;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStreamWriter;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import java.util.function.DoubleSupplier;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSDataOutputStream;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.LocatedFileStatus;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.RemoteIterator;
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
  private static final String METRICS = "metrics.jsonl";

  /** The lines of the log before a run was resumed, for as long as it takes to write them anew. */
  private static final String EARLIER = "metrics.earlier.jsonl";

  /** What a run's directory may hold; the token shards are looked after by their own store. */
  private static final Set<String> OURS =
      Set.of(
          CHECKPOINTS,
          "best",
          "config.conf",
          "config.json",
          "learning-curve.png",
          EARLIER,
          METRICS,
          "report.html",
          "report.json",
          "tensorboard");

  private static final Set<String> KEPT = Set.of("tokenizer.json", "tokens");

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
   * Looks whether the directory may be written, before any work is done that could be lost. What is
   * in it stays until {@link #clear}. Empty files, such as a full disk leaves, are nothing, and
   * neither are tokens without a run.
   *
   * @param overwrite whether an earlier run may be there
   * @throws WordmillException STORAGE when there is something in it that is not to be resumed and
   *     must not be replaced
   */
  void requireFree(boolean resume, boolean overwrite) {
    try {
      if (!resume && files.exists(root) && !isEmpty()) {
        if (!overwrite) {
          throw new WordmillException(
              ExitCode.STORAGE,
              "the output exists",
              root.toString(),
              "give another output, resume the run that is there, or give --overwrite");
        }
        requireOnlyOurs();
      }
    } catch (IOException e) {
      throw HadoopFiles.fault("the output cannot be used", root, e);
    }
  }

  /**
   * Makes the directory.
   *
   * @throws WordmillException STORAGE as {@link #requireFree}, and when it cannot be written to
   */
  void prepare(boolean resume, boolean overwrite) {
    requireFree(resume, overwrite);
    try {
      if (!files.mkdirs(root)) {
        throw new IOException("mkdirs failed");
      }
    } catch (IOException e) {
      throw HadoopFiles.fault("the output cannot be made", root, e);
    }
  }

  private boolean isEmpty() throws IOException {
    if (!files.getFileStatus(root).isDirectory()) {
      return false;
    }
    if (hasTokensOnly()) {
      return true;
    }
    RemoteIterator<LocatedFileStatus> all = files.listFiles(root, true);
    while (all.hasNext()) {
      if (all.next().getLen() > 0) {
        return false;
      }
    }
    return true;
  }

  /** Whether a run was given up while it turned its text into tokens, before its first step. */
  private boolean hasTokensOnly() throws IOException {
    boolean tokens = false;
    for (FileStatus entry : files.listStatus(root)) {
      String name = entry.getPath().getName();
      tokens |= name.equals("tokens") && entry.isDirectory();
      if (!KEPT.contains(name) && (entry.isDirectory() || entry.getLen() > 0)) {
        return false;
      }
    }
    return tokens;
  }

  /** Nothing that a run has not made is ever deleted. */
  private void requireOnlyOurs() throws IOException {
    for (FileStatus entry : files.listStatus(root)) {
      String name = entry.getPath().getName();
      if (entry.isFile() && entry.getPath().equals(root)
          || !OURS.contains(name) && !KEPT.contains(name)) {
        throw new WordmillException(
            ExitCode.STORAGE,
            "the output is no run, so --overwrite does not replace it",
            entry.getPath().toString(),
            "remove it, or give another output");
      }
    }
  }

  /** Deletes an earlier run; tokens may stay, to be used again, or replaced, by their store. */
  void clear(boolean tokensToo) {
    try {
      for (String name : OURS) {
        files.delete(new Path(root, name), true);
      }
      for (String name : tokensToo ? KEPT : Set.<String>of()) {
        files.delete(new Path(root, name), true);
      }
    } catch (IOException e) {
      throw HadoopFiles.fault("the run that is there cannot be deleted", root, e);
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
   * Opens the log of metrics, with the lines of the first {@code step} steps from an earlier one. A
   * process that is killed in between leaves those lines to the next.
   */
  MetricsLog metrics(long step, Schedule schedule) {
    Path file = new Path(root, METRICS);
    Path copy = new Path(root, EARLIER);
    try {
      List<String> earlier = linesUpTo(step, file);
      List<String> saved = linesUpTo(step, copy);
      if (saved.size() > earlier.size()) {
        earlier = saved;
      } else if (!earlier.isEmpty()) {
        HadoopFiles.writeText(files, copy, String.join("\n", earlier) + "\n");
      }
      FSDataOutputStream out = files.create(file, true);
      MetricsLog log = new MetricsLog(new FlushedWriter(out), file.toString(), schedule);
      log.copy(earlier);
      files.delete(copy, false);
      return log;
    } catch (IOException e) {
      throw HadoopFiles.fault("the log of metrics cannot be written", file, e);
    }
  }

  private List<String> linesUpTo(long step, Path file) throws IOException {
    if (step == 0) {
      return List.of();
    }
    try (BufferedReader log =
        new BufferedReader(new InputStreamReader(files.open(file), StandardCharsets.UTF_8))) {
      return MetricsLog.linesUpTo(step, log);
    } catch (FileNotFoundException e) {
      // A run whose log was moved away goes on with a new one.
      return List.of();
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
