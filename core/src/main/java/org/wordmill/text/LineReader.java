package org.wordmill.text;

import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import org.wordmill.error.ExitCode;
import org.wordmill.error.WordmillException;
import org.wordmill.text.TextPolicy.LongLines;

/**
 * The lines of a stream of bytes, each with its position, cut at line feeds; a carriage return
 * before a line feed stays, being white space. A last line without a line feed counts; an empty
 * stream has no line. Memory stays below twice the longest line that is allowed, whatever the
 * stream holds.
 *
 * <p>One reader belongs to one thread. {@link #bytes} is reused by the next {@link #next}.
 */
public final class LineReader {
  private final InputStream in;
  private final String file;
  private final int maxLineBytes;
  private final LongLines longLines;
  private byte[] buffer = new byte[1 << 16];
  private int lineStart;
  private int lineEnd;
  private int next;
  private int filled;
  private long bufferPosition;
  private long number;
  private boolean exhausted;

  /** Whether the line goes on one that was cut, and whether the next one will. */
  private boolean continued;

  private boolean cut;
  private long longLineCount;

  /**
   * Refuses lines that are too long.
   *
   * @param in is not closed by this reader
   * @param file the name for messages
   */
  public LineReader(InputStream in, String file, int maxLineBytes) {
    this(in, file, maxLineBytes, LongLines.ERROR);
  }

  /**
   * @param in is not closed by this reader
   * @param file the name for messages
   * @param policy says which lines are too long, and what becomes of them
   */
  public LineReader(InputStream in, String file, TextPolicy policy) {
    this(in, file, policy.maxLineBytes(), policy.longLines());
  }

  private LineReader(InputStream in, String file, int maxLineBytes, LongLines longLines) {
    this.in = in;
    this.file = file;
    this.maxLineBytes = maxLineBytes;
    this.longLines = longLines;
  }

  /** Moves to the next line; false after the last. */
  public boolean next() throws IOException {
    return next(Long.MAX_VALUE);
  }

  /**
   * Moves to the next line; false after the last, and where it begins at {@code limit} or later.
   *
   * @param limit a position; all parts of a line that was cut are where it began
   * @throws WordmillException BAD_INPUT for a line that is too long, where that is an error
   */
  public boolean next(long limit) throws IOException {
    while ((cut || bufferPosition + next < limit) && find()) {
      if (lineEnd - lineStart <= maxLineBytes) {
        return true;
      }
      if (longLines == LongLines.ERROR) {
        throw new WordmillException(
            ExitCode.BAD_INPUT,
            "the line is longer than " + maxLineBytes + " bytes",
            file + " at byte " + position(),
            "cut it into lines of one sentence each, or choose to split or drop long lines");
      }
      longLineCount += continued ? 0 : 1;
      if (longLines == LongLines.SPLIT) {
        lineEnd = cut(buffer, lineStart, maxLineBytes);
        next = lineEnd;
        cut = true;
        return true;
      }
      // What was found may be no more than the line's beginning.
      next = lineStart;
      number--;
      skip();
    }
    return false;
  }

  /**
   * Moves behind the line that begins here, however long it is; false where the stream ends first.
   */
  public boolean skip() throws IOException {
    while (true) {
      for (int i = next; i < filled; i++) {
        if (buffer[i] == '\n') {
          next = i + 1;
          number++;
          return true;
        }
      }
      lineStart = filled;
      next = filled;
      if (exhausted) {
        return false;
      }
      next -= refill();
    }
  }

  /**
   * Where a line that begins at {@code from} and goes on beyond {@code from + max} is cut: behind
   * its last white space before there, or else between characters.
   */
  public static int cut(byte[] line, int from, int max) {
    int end = from + max;
    for (int i = end; i > from; i--) {
      if (WordScanner.isSpace(line[i - 1])) {
        return i;
      }
    }
    for (int i = end; i > Math.max(from, end - Utf8.LONGEST); i--) {
      if ((line[i] & 0xC0) != 0x80) {
        return i;
      }
    }
    return end;
  }

  /** Finds the end of the next line, or that it is too long. */
  private boolean find() throws IOException {
    continued = cut;
    cut = false;
    lineStart = next;
    int searched = next;
    while (true) {
      for (int i = searched; i < filled; i++) {
        if (buffer[i] == '\n') {
          lineEnd = i;
          next = i + 1;
          number += continued ? 0 : 1;
          return true;
        }
      }
      searched = filled;
      if (exhausted) {
        lineEnd = filled;
        next = filled;
        if (lineStart == filled) {
          return false;
        }
        number += continued ? 0 : 1;
        return true;
      }
      if (filled - lineStart > maxLineBytes) {
        lineEnd = filled;
        next = filled;
        number += continued ? 0 : 1;
        return true;
      }
      searched -= refill();
    }
  }

  /** Reads more bytes, after moving the current line to the front; returns how far it moved. */
  private int refill() throws IOException {
    int moved = 0;
    if (lineStart > 0) {
      moved = lineStart;
      System.arraycopy(buffer, lineStart, buffer, 0, filled - lineStart);
      filled -= moved;
      bufferPosition += moved;
      lineStart = 0;
    } else if (filled == buffer.length) {
      buffer = Arrays.copyOf(buffer, 2 * buffer.length);
    }
    int read = in.read(buffer, filled, buffer.length - filled);
    if (read < 0) {
      exhausted = true;
    } else {
      filled += read;
    }
    return moved;
  }

  /** The array that holds the line at [{@link #start}, {@link #end}). */
  public byte[] bytes() {
    return buffer;
  }

  public int start() {
    return lineStart;
  }

  /** The index after the last byte before the line feed. */
  public int end() {
    return lineEnd;
  }

  /** The position of the line's first byte in the stream. */
  public long position() {
    return bufferPosition + lineStart;
  }

  /** The number of the line, from 1; parts of a line that was cut have the same. */
  public long number() {
    return number;
  }

  /** Whether this is a further part of a line that was too long. */
  boolean isContinued() {
    return continued;
  }

  /** What was met so far: lines that were too long. */
  public TextReport report() {
    return TextReport.ofLongLines(longLineCount, longLines == LongLines.DROP);
  }
}
