package org.wordmill.submit.command;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.LinkedHashSet;
import java.util.List;
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

/**
 * A model's folder on any file system that Hadoop knows. Files that are written get their names
 * together, by {@link #publish}; when something fails before, as on a full disk, none is left.
 */
final class HadoopModelFolder implements ModelFolder, AutoCloseable {
  private static final int BUFFER = 1 << 16;
  private static final String UNFINISHED = ".unfinished";

  private final String path;
  private final Path root;
  private final FileSystem files;

  /** What goes when the new files are there. */
  private Set<String> old = Set.of();

  /** The files that are written and do not have their names. */
  private final Set<String> staged = new LinkedHashSet<>();

  private boolean made;

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
   * Lets files of an earlier model go when those of the new one have been written.
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

  /** Lets files of these names go when the new ones have been written, whatever else there is. */
  void replaceAmongOthers(Set<String> names) {
    old = names;
  }

  @Override
  public void write(String name, Content content) throws IOException {
    made |= !files.exists(root);
    staged.add(name);
    try (OutputStream out =
        new BufferedOutputStream(files.create(new Path(root, name + UNFINISHED), true), BUFFER)) {
      content.write(out);
    }
  }

  /** Gives all files that were written their names. */
  void publish() {
    try {
      for (String other : old) {
        files.delete(new Path(root, other), false);
      }
      old = Set.of();
      for (String name : List.copyOf(staged)) {
        Path named = new Path(root, name);
        if (files.exists(named) && files.getFileStatus(named).getLen() == 0) {
          files.delete(named, false);
        }
        if (!files.rename(new Path(root, name + UNFINISHED), named)) {
          throw new IOException("it cannot be renamed to " + name);
        }
        staged.remove(name);
      }
    } catch (IOException e) {
      throw fault("the output cannot be completed: " + e.getMessage(), e);
    }
  }

  /** Removes what was not published. */
  @Override
  public void close() {
    try {
      for (String name : staged) {
        files.delete(new Path(root, name + UNFINISHED), false);
      }
      if (made && files.exists(root) && files.listStatus(root).length == 0) {
        files.delete(root, false);
      }
    } catch (IOException e) {
      throw fault("what is unfinished cannot be removed: " + e.getMessage(), e);
    }
  }
}
