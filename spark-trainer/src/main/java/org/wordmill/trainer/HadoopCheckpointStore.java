package org.wordmill.trainer;

import java.io.FileNotFoundException;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSDataOutputStream;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.wordmill.checkpoint.CheckpointStore;

/** Checkpoints in a directory of any file system that Hadoop knows. */
public final class HadoopCheckpointStore implements CheckpointStore {
  private final Path root;
  private final FileSystem files;

  /**
   * @param root made when the first checkpoint is written
   */
  public HadoopCheckpointStore(Path root, Configuration configuration) throws IOException {
    this.files = HadoopFiles.of(root, configuration);
    this.root = files.makeQualified(root);
  }

  @Override
  public String location() {
    return root.toString();
  }

  @Override
  public List<String> directories() throws IOException {
    try {
      List<String> names = new ArrayList<>();
      for (FileStatus entry : files.listStatus(root)) {
        if (entry.isDirectory()) {
          names.add(entry.getPath().getName());
        }
      }
      return names;
    } catch (FileNotFoundException e) {
      return List.of();
    }
  }

  @Override
  public OptionalLong length(String directory, String file) throws IOException {
    try {
      return OptionalLong.of(files.getFileStatus(path(directory, file)).getLen());
    } catch (FileNotFoundException e) {
      return OptionalLong.empty();
    }
  }

  @Override
  public OutputStream create(String directory, String file) throws IOException {
    return new SyncedStream(files.create(path(directory, file), false));
  }

  @Override
  public InputStream open(String directory, String file) throws IOException {
    return files.open(path(directory, file));
  }

  @Override
  public void deleteFile(String directory, String file) throws IOException {
    files.delete(path(directory, file), false);
  }

  @Override
  public void deleteDirectory(String directory) throws IOException {
    files.delete(new Path(root, directory), true);
  }

  private Path path(String directory, String file) {
    return new Path(new Path(root, directory), file);
  }

  /** A file that is synced to the devices of its replicas before it is closed. */
  private static final class SyncedStream extends FilterOutputStream {
    private final FSDataOutputStream file;
    private boolean closed;

    SyncedStream(FSDataOutputStream file) {
      super(file);
      this.file = file;
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
      file.write(bytes, offset, length);
    }

    @Override
    public void close() throws IOException {
      if (closed) {
        return;
      }
      closed = true;
      try (FSDataOutputStream closing = file) {
        closing.hsync();
      }
    }
  }
}
