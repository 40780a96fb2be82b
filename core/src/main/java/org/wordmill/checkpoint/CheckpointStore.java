package org.wordmill.checkpoint;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.List;
import java.util.OptionalLong;

/**
 * Where checkpoints are kept: directories of files, on a local disk, HDFS or an object store. It
 * asks for nothing that one of them cannot do: no rename, no overwriting, no appending. A file may
 * be visible before it is closed, and with less than its length; {@link Checkpoints} lives with
 * that.
 *
 * <p>Names of directories and files are single path elements. Implementations need not be safe for
 * use by many threads at once, but one thread may go on where another has ended.
 */
public interface CheckpointStore {

  /** The place, for messages. */
  String location();

  /** The names of all directories, in any order; empty when nothing has been written yet. */
  List<String> directories() throws IOException;

  /** The length of a file in bytes, or empty when there is no such file. */
  OptionalLong length(String directory, String file) throws IOException;

  /**
   * A new file, in a directory that is made when it does not exist. What was written is on stable
   * storage when {@code close} returns.
   *
   * @throws java.nio.file.FileAlreadyExistsException or another {@link IOException} if the file is
   *     there already
   */
  OutputStream create(String directory, String file) throws IOException;

  /** The bytes of a file. */
  InputStream open(String directory, String file) throws IOException;

  /** Deletes a file; it is no error when there is none. */
  void deleteFile(String directory, String file) throws IOException;

  /** Deletes a directory with all its files; it is no error when there is none. */
  void deleteDirectory(String directory) throws IOException;
}
