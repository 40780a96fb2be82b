package org.wordmill.submit.command;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.OptionalLong;
import java.util.Set;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.LocalFileSystem;
import org.apache.hadoop.fs.Path;
import org.wordmill.counter.FileSystems;
import org.wordmill.error.ExitCode;
import org.wordmill.error.WordmillException;
import org.wordmill.exchange.ModelFolder;

/** A model's folder on any file system that Hadoop knows. */
final class HadoopModelFolder implements ModelFolder {
  private static final int BUFFER = 1 << 16;
  private static final String UNFINISHED = ".unfinished";

  private final String path;
  private final Path root;
  private final FileSystem files;

  /** What goes when the first file is there. */
  private Set<String> old = Set.of();

  HadoopModelFolder(String path, Configuration configuration) {
    this.path = path;
    try {
      this.root = new Path(path);
      FileSystem system = FileSystems.of(root, configuration);
      // The local file system without checksum files beside the user's.
      this.files = system instanceof LocalFileSystem local ? local.getRawFileSystem() : system;
    } catch (IllegalArgumentException e) {
      throw new WordmillException(
          ExitCode.STORAGE, "this is not a path: " + e.getMessage(), path, "name a folder", e);
    } catch (IOException e) {
      throw fault("the folder cannot be used: " + e.getMessage(), e);
    }
  }

  /**
   * Checks that nothing would be overwritten. Empty files, such as a full disk leaves, are nothing.
   *
   * @throws WordmillException STORAGE when the folder is there and not empty
   */
  void requireEmpty() {
    requireNoOthers(Set.of(), "the output exists", "give another output, or --overwrite");
  }

  /**
   * Lets files of an earlier model go when the first file of the new one has been written.
   *
   * @param names of all that may be there
   * @throws WordmillException STORAGE when there is something else
   */
  void replace(Set<String> names) {
    requireNoOthers(
        names,
        "the output has more than a model, so --overwrite does not replace it",
        "remove what is there, or give another output");
    old = names;
  }

  private void requireNoOthers(Set<String> names, String what, String remedy) {
    try {
      if (!files.exists(root)) {
        return;
      }
      boolean isFolder = files.getFileStatus(root).isDirectory();
      for (FileStatus entry : files.listStatus(root)) {
        String name = entry.getPath().getName().replace(UNFINISHED, "");
        boolean isNothing = entry.isFile() && entry.getLen() == 0;
        if (!isFolder || !isNothing && !names.contains(name)) {
          throw new WordmillException(ExitCode.STORAGE, what, path, remedy);
        }
      }
    } catch (IOException e) {
      throw fault("the output cannot be used: " + e.getMessage(), e);
    }
  }

  private WordmillException fault(String what, IOException cause) {
    return new WordmillException(ExitCode.STORAGE, what, path, "check the path", cause);
  }

  @Override
  public String location() {
    return path;
  }

  @Override
  public OptionalLong length(String name) throws IOException {
    try {
      FileStatus status = files.getFileStatus(new Path(root, name));
      return status.isFile() ? OptionalLong.of(status.getLen()) : OptionalLong.empty();
    } catch (FileNotFoundException e) {
      return OptionalLong.empty();
    }
  }

  @Override
  public InputStream open(String name) throws IOException {
    return new BufferedInputStream(files.open(new Path(root, name)), BUFFER);
  }

  @Override
  public void write(String name, Content content) throws IOException {
    Path unfinished = new Path(root, name + UNFINISHED);
    try (OutputStream out = new BufferedOutputStream(files.create(unfinished, true), BUFFER)) {
      content.write(out);
    }
    for (String other : old) {
      files.delete(new Path(root, other), false);
    }
    old = Set.of();
    Path empty = new Path(root, name);
    if (files.exists(empty) && files.getFileStatus(empty).getLen() == 0) {
      files.delete(empty, false);
    }
    if (!files.rename(unfinished, new Path(root, name))) {
      throw new IOException(unfinished + " cannot be renamed to " + name);
    }
  }
}
