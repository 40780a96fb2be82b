package org.wordmill.counter;

import java.io.IOException;
import java.util.UUID;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.wordmill.error.WordmillException;

/** An output directory in the making: a hidden one beside it, which gets its name at the end. */
final class UnfinishedDirectory implements AutoCloseable {
  private final FileSystem files;
  private final Path directory;
  private final Path unfinished;
  private final boolean overwrite;

  private UnfinishedDirectory(FileSystem files, Path directory, boolean overwrite) {
    this.files = files;
    this.directory = directory;
    this.overwrite = overwrite;
    String hidden = "." + directory.getName() + "." + UUID.randomUUID() + ".unfinished";
    this.unfinished = new Path(directory.getParent(), hidden);
  }

  /**
   * Checks the output before any work is done.
   *
   * @throws WordmillException STORAGE when the output exists and may not be replaced
   */
  static UnfinishedDirectory begin(String name, boolean overwrite, Configuration configuration)
      throws IOException {
    Path directory = new Path(name);
    FileSystem files = FileSystems.plain(directory, configuration);
    directory = files.makeQualified(directory);
    if (files.exists(directory) && !overwrite) {
      throw Outputs.exists(directory);
    }
    UnfinishedDirectory begun = new UnfinishedDirectory(files, directory, overwrite);
    Outputs.probe(files, begun.unfinished);
    return begun;
  }

  /** Where to write. */
  Path path() {
    return unfinished;
  }

  FileSystem files() {
    return files;
  }

  /** Gives the directory its name. */
  void publish() throws IOException {
    if (files.exists(directory)) {
      if (!overwrite) {
        throw Outputs.exists(directory);
      }
      files.delete(directory, true);
    }
    if (!files.rename(unfinished, directory)) {
      throw new IOException("cannot rename " + unfinished + " to " + directory);
    }
  }

  /** Removes what is unfinished. */
  @Override
  public void close() throws IOException {
    files.delete(unfinished, true);
  }
}
