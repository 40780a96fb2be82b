package org.wordmill.submit.command;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.GZIPOutputStream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.wordmill.counter.FileSystems;
import org.wordmill.counter.Outputs;
import org.wordmill.error.ExitCode;
import org.wordmill.error.WordmillException;
import org.wordmill.format.arpa.ArpaReader;
import org.wordmill.format.arpa.ArpaWriter;
import org.wordmill.ngram.BackoffModel;

/** ARPA files that this machine reads and writes whole, on any file system that Hadoop knows. */
final class ArpaFiles {
  private static final int BUFFER = 1 << 20;

  private ArpaFiles() {}

  /**
   * Reads a model, plain or gzip.
   *
   * @throws WordmillException STORAGE when it is not there or does not read, CORRUPT when it is no
   *     ARPA file
   */
  static BackoffModel read(String path, Console console) {
    try {
      Path file = path(path);
      try (BufferedInputStream in = new BufferedInputStream(files(file).open(file), BUFFER)) {
        return ArpaReader.read(in, path, console::note);
      }
    } catch (FileNotFoundException e) {
      throw new WordmillException(
          ExitCode.STORAGE, "there is no model", path, "give an ARPA file", e);
    } catch (IOException e) {
      throw new WordmillException(
          ExitCode.STORAGE, "cannot read the model: " + e.getMessage(), path, "", e);
    }
  }

  /**
   * Refuses an output that is there already, before any work is done.
   *
   * @throws WordmillException STORAGE
   */
  static void check(String path, boolean overwrite) {
    Outputs.requirePlainOrGzip(path);
    try {
      Path file = path(path);
      if (files(file).exists(file) && !overwrite) {
        throw exists(path);
      }
    } catch (IOException e) {
      throw unwritable(path, e);
    }
  }

  /**
   * Writes a model, compressed if the name ends in {@code .gz}; the file appears under its name
   * when it is complete.
   *
   * @throws WordmillException STORAGE when it is there already or cannot be written
   */
  static void write(BackoffModel model, String path, boolean overwrite) {
    check(path, overwrite);
    try {
      Path file = path(path);
      FileSystem files = files(file);
      Path unfinished = new Path(file.getParent(), "." + file.getName() + ".unfinished");
      try {
        try (OutputStream stored = files.create(unfinished, true);
            OutputStream out =
                path.endsWith(".gz")
                    ? new GZIPOutputStream(stored, BUFFER)
                    : new BufferedOutputStream(stored, BUFFER)) {
          ArpaWriter.write(model, out);
        }
        if (overwrite) {
          files.delete(file, false);
        }
        if (!files.rename(unfinished, file)) {
          throw new IOException("cannot rename " + unfinished + " to " + file);
        }
      } finally {
        files.delete(unfinished, false);
      }
    } catch (IOException e) {
      throw unwritable(path, e);
    }
  }

  /** How many n-grams of each order a model has. */
  static List<Integer> entries(BackoffModel model) {
    List<Integer> entries = new ArrayList<>();
    for (int k = 1; k <= model.order(); k++) {
      entries.add(model.size(k));
    }
    return entries;
  }

  private static Path path(String path) {
    try {
      return new Path(path);
    } catch (IllegalArgumentException e) {
      throw new WordmillException(
          ExitCode.STORAGE, "this is not a path: " + e.getMessage(), path, "name a file", e);
    }
  }

  /** The file system of a file; the local one without checksum files beside the user's. */
  private static FileSystem files(Path file) throws IOException {
    return FileSystems.plain(file, new Configuration());
  }

  private static WordmillException exists(String path) {
    return new WordmillException(
        ExitCode.STORAGE, "the output is there already", path, "remove it, or give --overwrite");
  }

  private static WordmillException unwritable(String path, IOException cause) {
    return new WordmillException(
        ExitCode.STORAGE, "cannot write the model: " + cause.getMessage(), path, "", cause);
  }
}
