package org.wordmill.counter;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import org.apache.hadoop.conf.Configuration;
import org.wordmill.error.ExitCode;
import org.wordmill.error.WordmillException;
import org.wordmill.text.LineReader;
import org.wordmill.text.Vocabulary;

/**
 * The words that keep their names, from a file with one word a line, UTF-8, plain or compressed.
 * White space around words, blank lines, a byte order mark and the reserved words are passed over.
 */
final class VocabularyFile {
  private static final int MAX_LINE_BYTES = 1 << 20;
  private static final Set<String> RESERVED =
      Set.of(Vocabulary.UNKNOWN, Vocabulary.BEGIN, Vocabulary.END);
  private static final byte[] BYTE_ORDER_MARK = "\uFEFF".getBytes(StandardCharsets.UTF_8);

  private VocabularyFile() {}

  /**
   * @param path a file, or several by a directory or glob, on any file system that Hadoop knows
   * @throws WordmillException STORAGE when it is missing or cannot be read; BAD_INPUT when a line
   *     has several words, or the file none
   */
  static WordTable read(String path, Configuration configuration) {
    WordTable words = new WordTable(1 << 12);
    LocalText.forEachFile(
        List.of(path),
        configuration,
        (text, file) -> {
          LineReader lines = new LineReader(text, file, MAX_LINE_BYTES);
          while (lines.next()) {
            add(words, lines, file);
          }
        });
    if (words.size() == 0) {
      throw new WordmillException(
          ExitCode.BAD_INPUT, "the vocabulary has no word", path, "give one word a line");
    }
    return words;
  }

  private static void add(WordTable words, LineReader lines, String file) {
    byte[] bytes = lines.bytes();
    int from = lines.start();
    int end = lines.end();
    if (lines.number() == 1 && startsWithMark(bytes, from, end)) {
      from += BYTE_ORDER_MARK.length;
    }
    while (from < end && isSpace(bytes[from])) {
      from++;
    }
    while (end > from && isSpace(bytes[end - 1])) {
      end--;
    }
    for (int i = from; i < end; i++) {
      if (isSpace(bytes[i])) {
        throw new WordmillException(
            ExitCode.BAD_INPUT,
            "a line of the vocabulary has white space between words",
            file + ":" + lines.number(),
            "give one word a line, without counts");
      }
    }
    if (end > from
        && !RESERVED.contains(new String(bytes, from, end - from, StandardCharsets.UTF_8))) {
      words.add(bytes, from, end);
    }
  }

  private static boolean startsWithMark(byte[] bytes, int from, int end) {
    for (int i = 0; i < BYTE_ORDER_MARK.length; i++) {
      if (from + i >= end || bytes[from + i] != BYTE_ORDER_MARK[i]) {
        return false;
      }
    }
    return true;
  }

  private static boolean isSpace(byte b) {
    return b == ' ' || b == '\t' || b == '\r' || b == 0;
  }
}
