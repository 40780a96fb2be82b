package org.wordmill.trainer;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.FSDataOutputStream;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.LocalFileSystem;
import org.apache.hadoop.fs.Path;
import org.wordmill.error.ExitCode;
import org.wordmill.error.WordmillException;

/** Small things that Hadoop's file systems need said every time. */
final class HadoopFiles {
  private HadoopFiles() {}

  /**
   * The file system of a path; the local one without checksum files beside ours, which have their
   * own, and with writes that reach the disk when they are flushed.
   */
  static FileSystem of(Path path, Configuration configuration) throws IOException {
    FileSystem files = path.getFileSystem(configuration);
    return files instanceof LocalFileSystem local ? local.getRawFileSystem() : files;
  }

  static String readText(FileSystem files, Path path) throws IOException {
    try (FSDataInputStream in = files.open(path)) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  /** Writes a whole file, replacing one that is there. */
  static void writeText(FileSystem files, Path path, String text) throws IOException {
    try (FSDataOutputStream out = files.create(path, true)) {
      out.write(text.getBytes(StandardCharsets.UTF_8));
      out.hsync();
    }
  }

  /** The fault of a path that is there and cannot be used. */
  static WordmillException fault(String what, Path path, IOException cause) {
    return new WordmillException(
        ExitCode.STORAGE,
        what + ": " + cause,
        path.toString(),
        "check that it exists, is permitted, and has room",
        cause);
  }
}
