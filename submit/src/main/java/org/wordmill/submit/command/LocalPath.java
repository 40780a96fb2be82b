package org.wordmill.submit.command;

import java.io.IOException;
import java.nio.file.Path;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.wordmill.counter.FileSystems;
import org.wordmill.error.ExitCode;
import org.wordmill.error.WordmillException;

/** A file of this machine, which alone can be mapped. */
final class LocalPath {
  private LocalPath() {}

  /**
   * The file of a path as Hadoop has it, {@code file:///tmp/model} or {@code model}.
   *
   * @throws WordmillException STORAGE when it is on another machine
   */
  static Path of(String path) throws IOException {
    org.apache.hadoop.fs.Path place = new org.apache.hadoop.fs.Path(path);
    FileSystem files = FileSystems.of(place, new Configuration());
    if (!files.getScheme().equals("file")) {
      throw new WordmillException(
          ExitCode.STORAGE,
          "a table is mapped into memory, so it must be on a disk of this machine",
          path,
          "copy it there, or name a file there");
    }
    return Path.of(files.makeQualified(place).toUri().getPath());
  }
}
