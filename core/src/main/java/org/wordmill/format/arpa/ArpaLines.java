package org.wordmill.format.arpa;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import org.wordmill.error.ExitCode;
import org.wordmill.error.WordmillException;
import org.wordmill.ngram.KneserNeyOptions;
import org.wordmill.text.LineReader;

/**
 * The lines of an ARPA file, as text or as the columns of an entry, and the faults found in them,
 * which name the line read last.
 *
 * <p>Belongs to one thread; the columns are those of the line read last.
 */
final class ArpaLines {
  private static final int MAX_LINE_BYTES = 16 << 20;
  private static final String BYTE_ORDER_MARK = "\uFEFF";

  private final String file;
  private final LineReader lines;

  /** The columns of the line read last: [starts[i], ends[i]) of the line's bytes. */
  private final int[] starts = new int[KneserNeyOptions.MAX_ORDER + 3];

  private final int[] ends = new int[KneserNeyOptions.MAX_ORDER + 3];

  ArpaLines(InputStream in, String file) {
    this.file = file;
    lines = new LineReader(in, file, MAX_LINE_BYTES);
  }

  /** Moves to the next line that is not blank; false when there is none. */
  boolean nextFilled() throws IOException {
    do {
      if (!lines.next()) {
        return false;
      }
    } while (text().isEmpty());
    return true;
  }

  /** The next line that is not blank, without blanks at its end. */
  String nextFilled(String expected) throws IOException {
    if (!nextFilled()) {
      throw cutOff(expected);
    }
    return text();
  }

  /** The line read last, without blanks at its end and without the byte order mark of the file. */
  String text() {
    int end = lines.end();
    while (end > lines.start() && isSeparator(lines.bytes()[end - 1])) {
      end--;
    }
    String text =
        new String(lines.bytes(), lines.start(), end - lines.start(), StandardCharsets.UTF_8);
    return lines.number() == 1 && text.startsWith(BYTE_ORDER_MARK) ? text.substring(1) : text;
  }

  /** The number of the line read last, from 1. */
  long number() {
    return lines.number();
  }

  /** The position of the line read last, in bytes. */
  long position() {
    return lines.position();
  }

  /**
   * Moves to the next entry and finds its columns: probability, words, perhaps back-off.
   *
   * @param index how many of the order's {@code count} entries were read
   * @return how many columns there are
   */
  int nextEntry(int order, long index, long count) throws IOException {
    int columns = 0;
    while (columns == 0) {
      if (!lines.next()) {
        throw cutOff(count + " " + order + "-grams, found only " + index);
      }
      columns = split(order + 3);
    }
    if (columns < order + 1 || columns > order + 2) {
      if (lines.bytes()[starts[0]] == '\\') {
        throw corrupt(
            String.format(
                Locale.ROOT, "the header promises %d %d-grams, found %d", count, order, index));
      }
      throw expected("a log10 probability, " + order + " words and perhaps a back-off");
    }
    return columns;
  }

  private int split(int most) {
    byte[] text = lines.bytes();
    int columns = 0;
    int p = lines.start();
    while (p < lines.end()) {
      while (p < lines.end() && isSeparator(text[p])) {
        p++;
      }
      if (p == lines.end() || columns == most) {
        break;
      }
      starts[columns] = p;
      while (p < lines.end() && !isSeparator(text[p])) {
        p++;
      }
      ends[columns++] = p;
    }
    return columns;
  }

  private static boolean isSeparator(byte b) {
    return b == ' ' || b == '\t' || b == '\r';
  }

  /** The array that holds the columns at [{@link #start}, {@link #end}). */
  byte[] bytes() {
    return lines.bytes();
  }

  int start(int column) {
    return starts[column];
  }

  int end(int column) {
    return ends[column];
  }

  String column(int i) {
    return new String(lines.bytes(), starts[i], ends[i] - starts[i], StandardCharsets.UTF_8);
  }

  float number(int column, String what) {
    try {
      return Decimal.parse(lines.bytes(), starts[column], ends[column]);
    } catch (NumberFormatException e) {
      throw corrupt("'" + shortened(column(column)) + "' is not a " + what);
    }
  }

  static String shortened(String text) {
    String shown = text.length() <= 80 ? text : text.substring(0, 80) + "...";
    // A binary file would write to the terminal what turns it upside down.
    return shown.replaceAll("\\p{IsControl}", "?");
  }

  WordmillException cutOff(String expected) {
    return corrupt("the file ends where " + expected + " was expected: it is cut off");
  }

  /** The fault that something else stands in the line read last. */
  WordmillException expected(String what) {
    return corrupt("expected " + what + ", found '" + shortened(text()) + "'");
  }

  WordmillException corrupt(String what) {
    return corrupt(what, lines.number());
  }

  /** A fault in an earlier line. */
  WordmillException corrupt(String what, long line) {
    return new WordmillException(ExitCode.CORRUPT, file + ":" + line + ": " + what, "", "");
  }
}
