package org.wordmill.text;

import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import org.wordmill.error.ExitCode;
import org.wordmill.error.WordmillException;

/**
 * The lines of a stream of bytes, each with its position, cut at line feeds; a carriage return
 * before a line feed stays, being white space. A last line without a line feed counts; an empty
 * stream has no line.
 *
 * <p>One reader belongs to one thread. {@link #bytes} is reused by the next {@link #next}.
 */
public final class LineReader {
  private final InputStream in;
  private final String file;
  private final int maxLineBytes;
  private byte[] buffer = new byte[1 << 16];
  private int lineStart;
  private int lineEnd;
  private int next;
  private int filled;
  private long bufferPosition;
  private long number;
  private boolean exhausted;

  /**
   * @param in is not closed by this reader
   * @param file the name for messages
   */
  public LineReader(InputStream in, String file, int maxLineBytes) {
    this.in = in;
    this.file = file;
    this.maxLineBytes = maxLineBytes;
  }

  /** Moves to the next line; false after the last. */
  public boolean next() throws IOException {
    lineStart = next;
    int searched = next;
    while (true) {
      for (int i = searched; i < filled; i++) {
        if (buffer[i] == '\n') {
          lineEnd = i;
          next = i + 1;
          number++;
          return checked();
        }
      }
      searched = filled;
      if (exhausted) {
        lineEnd = filled;
        next = filled;
        if (lineStart == filled) {
          return false;
        }
        number++;
        return checked();
      }
      if (filled - lineStart > maxLineBytes) {
        throw tooLong();
      }
      searched -= refill();
    }
  }

  private boolean checked() {
    if (lineEnd - lineStart > maxLineBytes) {
      throw tooLong();
    }
    return true;
  }

  private WordmillException tooLong() {
    return new WordmillException(
        ExitCode.BAD_INPUT,
        "the line is longer than " + maxLineBytes + " bytes",
        file + " at byte " + position(),
        "cut it into lines of one sentence each");
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

  /** The number of the line, from 1. */
  public long number() {
    return number;
  }
}
