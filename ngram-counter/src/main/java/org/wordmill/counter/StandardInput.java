package org.wordmill.counter;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.SequenceInputStream;
import java.util.List;
import java.util.Locale;
import java.util.UUID;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.spark.SparkConf;
import org.apache.spark.api.java.JavaSparkContext;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.wordmill.error.ExitCode;
import org.wordmill.error.WordmillException;
import org.wordmill.text.Compression;

/**
 * Text on stdin, which inputs name {@value #NAME}: it is copied to a file that tasks can read as
 * often as they have to, and that goes when this is closed. In local mode the file is where Spark
 * has its own; on a cluster it is in the user's home of the default file system, if that is one
 * that all machines share.
 *
 * <p>Compressed text is known by its first bytes. What was read is told every few seconds.
 */
public final class StandardInput implements AutoCloseable {
  public static final String NAME = "-";

  private static final Logger LOG = LoggerFactory.getLogger(StandardInput.class);
  private static final int BUFFER = 1 << 16;
  private static final long TELL_NANOS = 5_000_000_000L;

  private final List<String> paths;
  private final @Nullable FileSystem files;
  private final @Nullable Path folder;

  private StandardInput(List<String> paths, @Nullable FileSystem files, @Nullable Path folder) {
    this.paths = paths;
    this.files = files;
    this.folder = folder;
  }

  /**
   * For the tasks of a job; reads stdin to its end, if it is among the paths.
   *
   * @throws WordmillException USAGE on a cluster whose machines share no file system by default;
   *     STORAGE when the copy cannot be written
   */
  public static StandardInput of(List<String> paths, JavaSparkContext spark) {
    return paths.contains(NAME)
        ? spool(
            paths, place(spark.getConf(), spark.hadoopConfiguration()), spark.hadoopConfiguration())
        : new StandardInput(paths, null, null);
  }

  /**
   * For this machine; reads stdin to its end, if it is among the paths.
   *
   * @throws WordmillException STORAGE when the copy cannot be written
   */
  public static StandardInput of(List<String> paths, Configuration configuration) {
    return paths.contains(NAME)
        ? spool(paths, scratch(new SparkConf()), configuration)
        : new StandardInput(paths, null, null);
  }

  /** The paths, with that of the copy in the place of stdin. */
  public List<String> paths() {
    return paths;
  }

  /** Where the copy goes. */
  static Path place(SparkConf conf, Configuration configuration) {
    String master = conf.get("spark.master", "");
    if (master.equals("local") || master.startsWith("local[")) {
      return scratch(conf);
    }
    boolean here = conf.get("spark.submit.deployMode", "client").equals("client");
    try {
      FileSystem shared = FileSystem.get(configuration);
      if (here && !shared.getScheme().equals("file")) {
        return shared.getHomeDirectory();
      }
    } catch (IOException | RuntimeException e) {
      throw refused(e);
    }
    throw refused(null);
  }

  private static WordmillException refused(@Nullable Exception cause) {
    return new WordmillException(
        ExitCode.USAGE,
        "stdin is on one machine, and the cluster's default file system is none that all share",
        "--input " + NAME,
        "put the text on storage that every machine sees, and name it",
        cause);
  }

  /** Where Spark has its own files on this machine. */
  private static Path scratch(SparkConf conf) {
    String set = System.getenv("SPARK_LOCAL_DIRS");
    String folders =
        set != null ? set : conf.get("spark.local.dir", System.getProperty("java.io.tmpdir", ""));
    return new Path("file://" + new java.io.File(folders.split(",", 2)[0]).getAbsolutePath());
  }

  private static StandardInput spool(List<String> paths, Path place, Configuration configuration) {
    Path folder = new Path(place, "wordmill-stdin-" + UUID.randomUUID());
    try {
      FileSystem files = FileSystems.plain(folder, configuration);
      files.mkdirs(folder);
      // For a process that is ended from outside.
      files.deleteOnExit(folder);
      StandardInput spooled;
      try {
        Path file = copy(System.in, files, folder);
        spooled =
            new StandardInput(
                paths.stream().map(path -> path.equals(NAME) ? file.toString() : path).toList(),
                files,
                folder);
      } catch (IOException | RuntimeException e) {
        files.delete(folder, true);
        throw e;
      }
      return spooled;
    } catch (IOException e) {
      throw new WordmillException(
          ExitCode.STORAGE,
          "cannot copy stdin: " + e.getMessage(),
          folder.toString(),
          "make room there, or name another place by spark.local.dir",
          e);
    }
  }

  private static Path copy(InputStream in, FileSystem files, Path folder) throws IOException {
    LOG.info("reading stdin to its end, into {}", folder);
    byte[] beginning = in.readNBytes(Compression.BEGINNING);
    String suffix = Compression.ofBytes(beginning).map(Compression::suffix).orElse("");
    Path file = new Path(folder, "stdin" + suffix);
    long length = 0;
    long told = System.nanoTime();
    try (InputStream all = new SequenceInputStream(new ByteArrayInputStream(beginning), in);
        OutputStream out = files.create(file, true)) {
      byte[] buffer = new byte[BUFFER];
      for (int read; (read = all.read(buffer)) >= 0; ) {
        out.write(buffer, 0, read);
        length += read;
        if (System.nanoTime() - told > TELL_NANOS) {
          told = System.nanoTime();
          LOG.info("reading stdin: {} so far", bytes(length));
        }
      }
    }
    LOG.info("read stdin: {}", bytes(length));
    return file;
  }

  private static String bytes(long length) {
    return String.format(Locale.ROOT, "%,d bytes", length);
  }

  @Override
  public void close() {
    if (files == null || folder == null) {
      return;
    }
    try {
      files.delete(folder, true);
      files.cancelDeleteOnExit(folder);
    } catch (IOException e) {
      LOG.warn("cannot delete the copy of stdin, {}: {}", folder, e.getMessage());
    }
  }
}
