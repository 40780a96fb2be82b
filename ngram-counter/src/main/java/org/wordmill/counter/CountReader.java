package org.wordmill.counter;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.wordmill.error.ExitCode;
import org.wordmill.error.WordmillException;
import org.wordmill.text.LineReader;
import org.wordmill.text.TextPolicy;

/**
 * Reads a file of counts, n-gram after n-gram, without an object for each: the words of the current
 * one are ranges of one array of bytes. Of lines {@code w1 w2 w3<TAB>count}, words may be separated
 * by any white space, and the last column is the count, as SRILM writes them too.
 */
final class CountReader {
  private static final int MAX_LINE_BYTES = 16 << 20;

  /** So that sums of thousands of counts fit a long. */
  private static final long MAX_COUNT = 1_000_000_000_000_000L;

  /** Takes one n-gram with its count. */
  interface Consumer {
    void accept(CountReader gram, long count);
  }

  private final CountFile file;
  private final Consumer consumer;
  private byte[] bytes = new byte[256];
  private int[] starts = new int[EstimateOptions.MAX_ORDER + 2];
  private int[] ends = new int[EstimateOptions.MAX_ORDER + 2];
  private int words;
  private int length;

  private CountReader(CountFile file, Consumer consumer) {
    this.file = file;
    this.consumer = consumer;
  }

  /**
   * Gives every n-gram of a file to the consumer.
   *
   * @throws WordmillException STORAGE when the file cannot be read; CORRUPT when it is no file of
   *     counts; BAD_INPUT when a compressed file is truncated or corrupt
   */
  static void read(CountFile file, Configuration configuration, Consumer consumer) {
    CountReader reader = new CountReader(file, consumer);
    try {
      if (file.isParquet()) {
        ParquetCounts.read(file.path(), configuration, reader);
      } else {
        reader.readLines(configuration);
      }
    } catch (IOException e) {
      throw TextFiles.unreadable(file.path(), e);
    }
  }

  /** How many words the current n-gram has. */
  int order() {
    return words;
  }

  /** The array that has the words of the current n-gram, at [{@link #start}, {@link #end}). */
  byte[] bytes() {
    return bytes;
  }

  int start(int word) {
    return starts[word];
  }

  int end(int word) {
    return ends[word];
  }

  /** The current n-gram, for messages. */
  String text() {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < words; i++) {
      text.append(i == 0 ? "" : " ")
          .append(new String(bytes, starts[i], ends[i] - starts[i], StandardCharsets.UTF_8));
    }
    return text.length() > 80 ? text.substring(0, 80) + "..." : text.toString();
  }

  String path() {
    return file.path();
  }

  void begin() {
    words = 0;
    length = 0;
  }

  /** Adds a word to the current n-gram. */
  void word(byte[] source, int from, int to) {
    if (words == starts.length) {
      starts = Arrays.copyOf(starts, 2 * words);
      ends = Arrays.copyOf(ends, 2 * words);
    }
    int size = to - from;
    if (bytes.length - length < size) {
      bytes = Arrays.copyOf(bytes, Math.max(2 * bytes.length, length + size));
    }
    System.arraycopy(source, from, bytes, length, size);
    starts[words] = length;
    length += size;
    ends[words++] = length;
  }

  /** Hands the current n-gram over, after a look at it. */
  void end(long count, String place) {
    if (words == 0 || (file.order() != 0 && words != file.order())) {
      throw corrupt(
          place,
          words + " words in '" + text() + "'",
          file.order() == 0 ? "an n-gram" : "n-grams of " + file.order());
    }
    if (count < 0 || count > MAX_COUNT) {
      throw corrupt(place, "the count " + count, "0 to " + MAX_COUNT);
    }
    for (int i = 0; file.web1t() && i < words; i++) {
      Web1T.fromCapitals(this, i);
    }
    consumer.accept(this, count);
  }

  /** Puts other bytes in place of a word. */
  void replace(int word, byte[] with) {
    if (bytes.length - length < with.length) {
      bytes = Arrays.copyOf(bytes, 2 * bytes.length + with.length);
    }
    System.arraycopy(with, 0, bytes, length, with.length);
    starts[word] = length;
    length += with.length;
    ends[word] = length;
  }

  static WordmillException corrupt(String place, String found, String expected) {
    return new WordmillException(
        ExitCode.CORRUPT, place + ": found " + found + ", expected " + expected, "", "");
  }

  private void readLines(Configuration configuration) throws IOException {
    Path path = new Path(file.path());
    FileSystem files = FileSystems.plain(path, configuration);
    CompressedText codecs = new CompressedText(configuration);
    boolean compressed = codecs.isCompressed(path);
    try (InputStream stored = files.open(path)) {
      if (compressed && files.getFileStatus(path).getLen() == 0) {
        return;
      }
      try (InputStream in =
          compressed
              ? codecs.open(path, stored, TextPolicy.DEFAULT)
              : CompressedText.plain(path, stored)) {
        LineReader lines = new LineReader(in, file.path(), MAX_LINE_BYTES);
        while (lines.next()) {
          readLine(lines);
        }
      }
    }
  }

  private void readLine(LineReader lines) {
    byte[] line = lines.bytes();
    int end = lines.end();
    while (end > lines.start() && isSpace(line[end - 1])) {
      end--;
    }
    int number = end;
    while (number > lines.start() && line[number - 1] >= '0' && line[number - 1] <= '9') {
      number--;
    }
    if (number == end
        || end - number > 18
        || number == lines.start()
        || !isSpace(line[number - 1])) {
      throw corrupt(
          file.path() + ":" + lines.number(),
          "'" + shortened(lines, lines.start(), lines.end()) + "'",
          "w1 w2 ... wn<TAB>count");
    }
    long count = 0;
    for (int i = number; i < end; i++) {
      count = 10 * count + (line[i] - '0');
    }
    begin();
    int at = lines.start();
    while (true) {
      while (at < number && isSpace(line[at])) {
        at++;
      }
      if (at == number) {
        break;
      }
      int from = at;
      while (!isSpace(line[at])) {
        at++;
      }
      word(line, from, at);
    }
    end(count, file.path() + ":" + lines.number());
  }

  private static String shortened(LineReader lines, int from, int to) {
    int end = Math.min(to, from + 80);
    return new String(lines.bytes(), from, end - from, StandardCharsets.UTF_8);
  }

  private static boolean isSpace(byte b) {
    return b == ' ' || b == '\t' || b == '\r' || b == 0;
  }
}
