package org.wordmill.counter;

import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.wordmill.error.WordmillException;
import org.wordmill.text.TextPolicy;

/**
 * The same text files that the jobs read, on the same file systems and with the same compressions,
 * read one after the other on this machine, without Spark.
 */
public final class LocalText {
  private LocalText() {}

  /** Reads one file. */
  @FunctionalInterface
  public interface Reader {
    /**
     * @param text decompressed; need not be closed
     * @param file the name for messages
     */
    void read(InputStream text, String file) throws IOException;
  }

  /**
   * Gives every file of the paths to the reader, in the order of their paths.
   *
   * @param paths files, directories and globs
   * @throws WordmillException STORAGE when a path is missing or cannot be read; BAD_INPUT when a
   *     compressed file is truncated or corrupt
   */
  public static void forEachFile(List<String> paths, Configuration configuration, Reader reader) {
    CompressedText codecs = new CompressedText(configuration);
    for (FileStatus file : TextFiles.find(paths, configuration).files()) {
      String name = file.getPath().toString();
      if (file.getLen() == 0) {
        continue;
      }
      try {
        FileSystem files = FileSystems.plain(file.getPath(), configuration);
        boolean compressed = codecs.isCompressed(file.getPath());
        try (InputStream stored = files.open(file.getPath());
            InputStream text =
                compressed
                    ? codecs.open(file.getPath(), stored, TextPolicy.DEFAULT)
                    : CompressedText.plain(file.getPath(), stored)) {
          reader.read(text, name);
        }
      } catch (IOException e) {
        throw TextFiles.unreadable(name, e);
      }
    }
  }
}
