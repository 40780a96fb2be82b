package org.wordmill.counter;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.security.AccessControlException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.wordmill.error.ExitCode;
import org.wordmill.error.WordmillException;
import org.wordmill.text.Compression;

/**
 * The text files behind the paths a user named: files, directories (searched to the bottom) and
 * globs, on any file system that Hadoop knows. As everywhere on Hadoop, what begins with {@code _}
 * or {@code .} is not data.
 */
final class TextFiles {
  private static final Logger LOG = LoggerFactory.getLogger(TextFiles.class);
  private static final int SPLITS_PER_CORE = 4;
  private static final long MIN_SPLIT = 1L << 20;
  private static final long MAX_SPLIT = 64L << 20;
  private static final int LONG_FILE_FACTOR = 4;

  private final List<FileStatus> files;

  private TextFiles(List<FileStatus> files) {
    this.files = files;
  }

  /**
   * Finds the files, each once, in the order of their paths.
   *
   * @throws WordmillException STORAGE when a path does not exist, matches nothing or cannot be read
   */
  static TextFiles find(List<String> paths, Configuration configuration) {
    TreeMap<String, FileStatus> found = new TreeMap<>();
    List<String> missing = new ArrayList<>();
    for (String name : paths) {
      try {
        Path path = new Path(name);
        FileSystem files = FileSystems.plain(path, configuration);
        FileStatus[] matches = files.globStatus(path);
        if (matches == null || matches.length == 0) {
          missing.add(name);
          continue;
        }
        for (FileStatus match : matches) {
          collect(files, match, found);
        }
      } catch (IllegalArgumentException e) {
        throw new WordmillException(
            ExitCode.STORAGE, "this is not a path: " + e.getMessage(), name, "name a file", e);
      } catch (FileNotFoundException e) {
        missing.add(name);
      } catch (IOException e) {
        throw unreadable(name, e);
      }
    }
    if (!missing.isEmpty() || paths.isEmpty()) {
      throw new WordmillException(
          ExitCode.STORAGE,
          "no such file, directory or glob match: " + String.join(", ", missing),
          "",
          "check the path, and on a cluster that every machine sees it");
    }
    return new TextFiles(List.copyOf(found.values()));
  }

  private static void collect(FileSystem files, FileStatus at, TreeMap<String, FileStatus> found)
      throws IOException {
    if (!at.isDirectory()) {
      found.put(at.getPath().toString(), at);
      return;
    }
    for (FileStatus child : files.listStatus(at.getPath())) {
      String name = child.getPath().getName();
      if (!name.startsWith("_") && !name.startsWith(".")) {
        collect(files, child, found);
      }
    }
  }

  /** The fault of an input that is there but does not open or read. */
  static WordmillException unreadable(String path, IOException cause) {
    boolean denied = cause instanceof AccessControlException;
    return new WordmillException(
        ExitCode.STORAGE,
        (denied ? "not permitted to read: " : "cannot read: ") + cause.getMessage(),
        path,
        denied ? "change the permissions" : "check the storage",
        cause);
  }

  List<FileStatus> files() {
    return files;
  }

  /** Bytes of all files as stored. */
  long bytes() {
    return files.stream().mapToLong(FileStatus::getLen).sum();
  }

  /** Bytes of all files without their compression, about. */
  long textBytes() {
    return files.stream()
        .mapToLong(
            file ->
                Compression.ofName(file.getPath().getName())
                    .map(how -> how.usualRatio() * file.getLen())
                    .orElse(file.getLen()))
        .sum();
  }

  /**
   * Cuts the files into splits; warns when one that cannot be cut is much longer than the others.
   *
   * @param splitBytes the most bytes of a plain file in one split; 0 to choose by the parallelism
   */
  List<TextSplit> split(long splitBytes, int parallelism, Configuration configuration) {
    long chosen = bytes() / Math.max(1, SPLITS_PER_CORE * parallelism) + 1;
    long target = splitBytes > 0 ? splitBytes : Math.min(MAX_SPLIT, Math.max(MIN_SPLIT, chosen));
    CompressedText codecs = new CompressedText(configuration);
    List<TextSplit> splits = new ArrayList<>();
    for (FileStatus file : files) {
      String path = file.getPath().toString();
      if (codecs.isCompressed(file.getPath())) {
        splits.add(new TextSplit(path, 0, file.getLen(), true));
        continue;
      }
      long parts = Math.max(1, (file.getLen() + target - 1) / target);
      for (long i = 0; i < parts; i++) {
        long start = file.getLen() * i / parts;
        splits.add(new TextSplit(path, start, file.getLen() * (i + 1) / parts - start, false));
      }
    }
    for (TextSplit file : longFiles(splits)) {
      LOG.warn(
          "{} has {} bytes, more than {} times the median of what a task reads, and is compressed, so"
              + " one task reads it all: cut it into several files",
          file.path(),
          file.length(),
          LONG_FILE_FACTOR);
    }
    return splits;
  }

  /** Those that cannot be cut and are much longer than the others. */
  static List<TextSplit> longFiles(List<TextSplit> splits) {
    long[] lengths = splits.stream().mapToLong(TextSplit::length).sorted().toArray();
    if (lengths.length < 2) {
      return List.of();
    }
    long median = lengths[lengths.length / 2];
    return splits.stream()
        .filter(split -> split.compressed() && split.length() > LONG_FILE_FACTOR * median)
        .toList();
  }
}
