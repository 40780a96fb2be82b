package org.wordmill.trainer;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.io.compress.CompressionCodecFactory;
import org.wordmill.error.ExitCode;
import org.wordmill.error.WordmillException;
import org.wordmill.text.Compression;

/**
 * The text files behind the paths a user named (files, directories searched to the bottom, globs),
 * in the order of their paths, cut into splits. As everywhere on Hadoop, what begins with {@code _}
 * or {@code .} is not data. The cuts depend on the files alone, so that a corpus is encoded into
 * the same shards wherever it runs.
 */
final class TextSplits {
  private static final long SPLIT = 32L << 20;

  private TextSplits() {}

  /**
   * @throws WordmillException STORAGE when a path does not exist or matches nothing
   */
  static List<FileStatus> find(List<String> paths, Configuration configuration) {
    TreeMap<String, FileStatus> found = new TreeMap<>();
    for (String name : paths) {
      try {
        Path path = new Path(name);
        FileSystem files = HadoopFiles.of(path, configuration);
        FileStatus[] matches = files.globStatus(path);
        if (matches == null || matches.length == 0) {
          throw new WordmillException(
              ExitCode.STORAGE,
              "no such file, directory or glob match",
              name,
              "check the path, and on a cluster that every machine sees it");
        }
        for (FileStatus match : matches) {
          collect(files, match, found);
        }
      } catch (IllegalArgumentException e) {
        throw new WordmillException(
            ExitCode.STORAGE, "this is not a path: " + e.getMessage(), name, "name a file", e);
      } catch (IOException e) {
        throw HadoopFiles.fault("cannot be read", new Path(name), e);
      }
    }
    return new ArrayList<>(found.values());
  }

  private static void collect(FileSystem files, FileStatus at, TreeMap<String, FileStatus> found)
      throws IOException {
    if (!at.isDirectory()) {
      if (TokenStore.isShard(at.getPath().getName())) {
        throw new WordmillException(
            ExitCode.CORRUPT,
            "this is a token shard and no text, and its folder is no prepared text: a preparation"
                + " did not end",
            at.getPath().toString(),
            "prepare the text again, with --overwrite");
      }
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

  /** Splits of lines of text. */
  static List<TextSplit> cut(List<FileStatus> files, Configuration configuration) {
    return cut(files, Optional.of(TextFormat.TEXT), "", configuration);
  }

  /**
   * Splits of files of any format.
   *
   * @param format of all; when empty, each file's name tells its own
   * @param field which has the documents, where a format has fields
   */
  static List<TextSplit> cut(
      List<FileStatus> files,
      Optional<TextFormat> format,
      String field,
      Configuration configuration) {
    CompressionCodecFactory codecs = new CompressionCodecFactory(configuration);
    List<TextSplit> splits = new ArrayList<>();
    for (FileStatus file : files) {
      String path = file.getPath().toString();
      TextFormat its = format.orElseGet(() -> TextFormat.of(file.getPath().getName()));
      if (file.getLen() == 0) {
        continue;
      }
      if (its != TextFormat.PARQUET && isCompressed(file.getPath(), codecs)) {
        splits.add(new TextSplit(path, 0, file.getLen(), true, its, field));
        continue;
      }
      for (long start = 0; start < file.getLen(); start += SPLIT) {
        long length = Math.min(SPLIT, file.getLen() - start);
        splits.add(new TextSplit(path, start, length, false, its, field));
      }
    }
    return splits;
  }

  /** Each file as one split, for formats in which a line does not stand for itself. */
  static List<TextSplit> whole(List<FileStatus> files, Configuration configuration) {
    CompressionCodecFactory codecs = new CompressionCodecFactory(configuration);
    return files.stream()
        .filter(file -> file.getLen() > 0)
        .map(
            file ->
                new TextSplit(
                    file.getPath().toString(),
                    0,
                    file.getLen(),
                    isCompressed(file.getPath(), codecs)))
        .toList();
  }

  static boolean isCompressed(Path path, CompressionCodecFactory codecs) {
    return Compression.ofName(path.getName()).isPresent() || codecs.getCodec(path) != null;
  }
}
