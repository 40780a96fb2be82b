package org.wordmill.submit.command;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.wordmill.counter.FileSystems;
import org.wordmill.error.ExitCode;
import org.wordmill.error.WordmillException;
import org.wordmill.format.json.Json;

/** A small text file in an output directory, on any file system that Hadoop knows. */
final class RunFile {
  private final String path;
  private final Configuration configuration;

  RunFile(String directory, String name, Configuration configuration) {
    this(directory + "/" + name, configuration);
  }

  private RunFile(String path, Configuration configuration) {
    this.path = path;
    this.configuration = configuration;
  }

  /** A file by its whole path. */
  static RunFile at(String path, Configuration configuration) {
    return new RunFile(path, configuration);
  }

  String path() {
    return path;
  }

  String read() {
    return read("no run to resume");
  }

  /**
   * @param missing what there is not when the file is not there
   */
  String read(String missing) {
    try (InputStream in = files().open(new Path(path))) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (FileNotFoundException e) {
      // Which Java says, too, of a file that must not be read.
      throw isThere()
          ? unreadable(e)
          : new WordmillException(
              ExitCode.STORAGE, "there is " + missing, path, "check the path", e);
    } catch (IOException e) {
      throw unreadable(e);
    }
  }

  private boolean isThere() {
    try {
      return files().exists(new Path(path));
    } catch (IOException e) {
      throw unreadable(e);
    }
  }

  private WordmillException unreadable(IOException e) {
    return new WordmillException(
        ExitCode.STORAGE, "cannot read: " + e.getMessage(), path, "check its owner", e);
  }

  /** Writes the text, unless it is there: a process that is killed now shall not take it away. */
  void ensure(String text) {
    if (!isThere() || !read().equals(text)) {
      write(text);
    }
  }

  /**
   * The objects of a file of JSON lines, without a line that is not whole.
   *
   * @param missing what there is not when the file is not there
   */
  List<JsonNode> jsonLines(String missing) {
    List<JsonNode> lines = new ArrayList<>();
    for (String line : read(missing).lines().toList()) {
      try {
        lines.add(Json.parse(line, path));
      } catch (WordmillException halfWritten) {
        if (halfWritten.exitCode() != ExitCode.CORRUPT) {
          throw halfWritten;
        }
      }
    }
    return lines;
  }

  /** Writes the text, over an older one. */
  void write(String text) {
    write(text.getBytes(StandardCharsets.UTF_8));
  }

  /** Writes the bytes, over an older file. */
  void write(byte[] bytes) {
    try (OutputStream out = files().create(new Path(path), true)) {
      out.write(bytes);
    } catch (IOException e) {
      throw new WordmillException(ExitCode.STORAGE, "cannot write: " + e.getMessage(), path, "", e);
    }
  }

  /** The local file system without checksum files beside the user's. */
  private FileSystem files() throws IOException {
    return FileSystems.plain(new Path(path), configuration);
  }
}
