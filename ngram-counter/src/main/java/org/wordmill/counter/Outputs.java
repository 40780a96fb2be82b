package org.wordmill.counter;

import java.io.IOException;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.wordmill.error.ExitCode;
import org.wordmill.error.WordmillException;

/** What is checked of an output before any work is done. */
final class Outputs {
  private Outputs() {}

  /** The fault of an output that is already there. */
  static WordmillException exists(Path output) {
    return new WordmillException(
        ExitCode.STORAGE, "the output exists", output.toString(), "choose another or overwrite it");
  }

  /** Writes and deletes a file, to fail now and not after an hour where nothing can be written. */
  static void probe(FileSystem files, Path file) throws IOException {
    files.create(file, true).close();
    files.delete(file, false);
  }
}
