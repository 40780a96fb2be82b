package org.wordmill.checkpoint;

import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.List;
import java.util.OptionalLong;

/** A store whose files can be held up, or fail, before they are made and before they are closed. */
public record GatedStore(CheckpointStore store, Gate before) implements CheckpointStore {

  /** What is done to a file. */
  public enum Act {
    CREATE,
    CLOSE
  }

  /** Returns when the file may go on. */
  @FunctionalInterface
  public interface Gate {
    /**
     * @param file with the step of its checkpoint: {@code 5/parameters.f32}
     */
    void pass(Act act, String file) throws IOException;
  }

  @Override
  public OutputStream create(String directory, String file) throws IOException {
    String name = Long.parseLong(directory.substring(5, 13)) + "/" + file;
    before.pass(Act.CREATE, name);
    return new FilterOutputStream(store.create(directory, file)) {
      private boolean closed;

      @Override
      public void write(byte[] bytes, int offset, int length) throws IOException {
        out.write(bytes, offset, length);
      }

      @Override
      public void close() throws IOException {
        if (!closed) {
          closed = true;
          try (OutputStream closing = out) {
            before.pass(Act.CLOSE, name);
          }
        }
      }
    };
  }

  @Override
  public String location() {
    return store.location();
  }

  @Override
  public List<String> directories() throws IOException {
    return store.directories();
  }

  @Override
  public OptionalLong length(String directory, String file) throws IOException {
    return store.length(directory, file);
  }

  @Override
  public InputStream open(String directory, String file) throws IOException {
    return store.open(directory, file);
  }

  @Override
  public void deleteFile(String directory, String file) throws IOException {
    store.deleteFile(directory, file);
  }

  @Override
  public void deleteDirectory(String directory) throws IOException {
    store.deleteDirectory(directory);
  }
}
