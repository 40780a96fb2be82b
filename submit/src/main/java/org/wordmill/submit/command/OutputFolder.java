package org.wordmill.submit.command;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.wordmill.error.ExitCode;
import org.wordmill.error.WordmillException;

/**
 * The folder on this machine where a command puts tables and pictures.
 *
 * @param path is made when it is not there
 * @param overwrite whether files that are there may be written over
 */
record OutputFolder(String path, boolean overwrite) {

  /**
   * The place of a file.
   *
   * @throws WordmillException STORAGE when it is there already and may not be written over
   */
  Path free(String name) {
    Path file = Path.of(path, name);
    if (Files.exists(file) && !overwrite) {
      throw new WordmillException(
          ExitCode.STORAGE,
          "the output exists",
          file.toString(),
          "choose another, or give --overwrite");
    }
    return file;
  }

  /** Writes a whole file. */
  static void write(Path file, byte[] content) {
    try {
      Path folder = file.getParent();
      if (folder != null) {
        Files.createDirectories(folder);
      }
      Files.write(file, content);
    } catch (IOException e) {
      throw new WordmillException(
          ExitCode.STORAGE,
          "cannot be written: " + e,
          file.toString(),
          "free or choose a place",
          e);
    }
  }
}
