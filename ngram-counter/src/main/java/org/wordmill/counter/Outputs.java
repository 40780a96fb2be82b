package org.wordmill.counter;

import java.io.IOException;
import java.util.Optional;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.wordmill.error.ExitCode;
import org.wordmill.error.WordmillException;
import org.wordmill.text.Compression;

/** What is checked of an output before any work is done. */
public final class Outputs {
  private Outputs() {}

  /** The fault of an output that is already there. */
  static WordmillException exists(Path output) {
    return new WordmillException(
        ExitCode.STORAGE, "the output exists", output.toString(), "choose another or overwrite it");
  }

  /**
   * Refuses names that promise a compression which is not written.
   *
   * @throws WordmillException USAGE
   */
  public static void requirePlainOrGzip(String file) {
    Optional<Compression> named = Compression.ofName(file);
    if (named.isPresent() && named.get() != Compression.GZIP) {
      throw new WordmillException(
          ExitCode.USAGE,
          "an ARPA file is written plain or as gzip, not as " + named.get(),
          file,
          "give a name that ends in .arpa or .arpa.gz");
    }
  }

  /** Writes and deletes a file, to fail now and not after an hour where nothing can be written. */
  static void probe(FileSystem files, Path file) throws IOException {
    files.create(file, true).close();
    files.delete(file, false);
  }
}
