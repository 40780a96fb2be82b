package org.wordmill.exchange;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.OptionalLong;

/** A folder of files that make a model, on a local disk or any other file system. */
public interface ModelFolder {

  /** The place, for messages. */
  String location();

  /** The length of a file in bytes, or empty when there is no such file. */
  OptionalLong length(String name) throws IOException;

  /** The bytes of a file. */
  InputStream open(String name) throws IOException;

  /**
   * Writes a file, so that under its name there is all of it or nothing: it gets its name when it
   * is whole.
   */
  void write(String name, Content content) throws IOException;

  /** What becomes a file. */
  interface Content {
    void write(OutputStream out) throws IOException;
  }
}
