package org.wordmill.text;

import static org.wordmill.error.ExitCode.BAD_INPUT;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.wordmill.error.WordmillException;
import org.wordmill.text.TextPolicy.LongLines;
import org.wordmill.text.TextPolicy.Malformed;
import org.wordmill.text.TextPolicy.Reserved;

/**
 * Cuts lines of bytes into words, without making a string or any other object for a line: the first
 * thing the n-gram counter does to a corpus.
 *
 * <p>White space is NUL, tab, line feed, carriage return and space, nothing else, as in KenLM; so a
 * no-break space, U+2028 or a vertical tab is part of a word, unless the policy takes all of
 * Unicode's white space. Words are bytes of valid UTF-8. A byte order mark at the beginning of a
 * file is stripped. Malformed UTF-8, reserved words and excessive lengths meet the {@link
 * TextPolicy}, and are counted in a {@link TextReport}.
 *
 * <p>Positions in messages are bytes of the file as it is; after a malformed part that was
 * replaced, the rest of that line counts the replacement instead.
 *
 * <p>One scanner belongs to one thread. The words of a line are valid until the next {@link #scan}
 * and as long as the caller leaves the line's bytes alone.
 */
public final class WordScanner {
  private static final byte[] REPLACEMENT = {(byte) 0xEF, (byte) 0xBF, (byte) 0xBD};

  private static final byte DELETE = 0x7F;

  /** With it begin U+0080 to U+00BF; those below U+00A0 are control characters. */
  private static final byte C1_LEAD = (byte) 0xC2;

  private static final byte C1_END = (byte) 0xA0;

  private static final int MAX_BYTES = Integer.MAX_VALUE - 16;

  private final TextPolicy policy;

  private byte[] bytes = {};

  /** For lines that are not taken as they are. */
  private byte[] own = {};

  /** How far our own buffer is in use; behind the line stand its escaped words. */
  private int ownEnd;

  private int[] starts = new int[64];
  private int[] ends = new int[64];
  private int words;

  private long lineCount;
  private long wordCount;
  private long droppedLines;
  private long malformedLines;
  private long malformedParts;
  private long longWords;
  private long reservedWords;
  private long nulBytes;
  private long controlCharacters;
  private long unicodeSpaces;
  private long longLines;
  private long byteOrderMarks;
  private final List<TextReport.Place> places = new ArrayList<>();

  public WordScanner(TextPolicy policy) {
    this.policy = policy;
  }

  /** Whether a byte separates words: NUL, tab, line feed, carriage return, space. */
  public static boolean isSpace(byte b) {
    return b == ' ' || b == '\n' || b == '\t' || b == '\r' || b == 0;
  }

  /**
   * Cuts one line into words.
   *
   * @param line holds the line at [offset, offset + length); a line end may be included
   * @param file the file's name, for messages
   * @param position the position of the line's first byte in the file
   * @return the number of words, or -1 when the line is to be left out
   * @throws WordmillException BAD_INPUT where the policy says so
   */
  public int scan(byte[] line, int offset, int length, String file, long position) {
    lineCount++;
    words = 0;
    if (length > policy.maxLineBytes()) {
      meetLongLine(file, position);
      return -1;
    }
    int from = offset;
    int to = offset + length;
    if (position == 0 && startsWithByteOrderMark(line, from, to)) {
      byteOrderMarks++;
      from += 3;
    }
    bytes = line;
    int malformed = Utf8.firstMalformed(line, from, to);
    if (malformed == to) {
      split(from, to, file, position - offset);
    } else if (!meetMalformed(from, malformed, to, file, position - offset)) {
      return -1;
    }
    wordCount += words;
    return words;
  }

  /** The array that {@link #start} and {@link #end} point into. */
  public byte[] bytes() {
    return bytes;
  }

  /** The index of the first byte of word {@code i} of the line scanned last. */
  public int start(int i) {
    return starts[i] < 0 ? ~starts[i] : starts[i];
  }

  /** The index after the last byte of word {@code i} of the line scanned last. */
  public int end(int i) {
    return ends[i];
  }

  /** Whether word {@code i} is to be {@code <unk>}: too long, or reserved under that policy. */
  public boolean isUnknown(int i) {
    return starts[i] < 0;
  }

  /** The Unicode code points of word {@code i} of the line scanned last. */
  public int letters(int i) {
    return Utf8.codePoints(bytes, start(i), ends[i]);
  }

  /** Word {@code i} of the line scanned last as a string. */
  public String word(int i) {
    return new String(bytes, start(i), end(i) - start(i), StandardCharsets.UTF_8);
  }

  /** What was met since this scanner was made. */
  public TextReport report() {
    return new TextReport(
        lineCount,
        wordCount,
        droppedLines,
        longLines,
        malformedLines,
        malformedParts,
        longWords,
        reservedWords,
        nulBytes,
        controlCharacters,
        unicodeSpaces,
        byteOrderMarks,
        places,
        List.of(),
        List.of());
  }

  private static boolean startsWithByteOrderMark(byte[] line, int from, int to) {
    return to - from >= 3
        && line[from] == (byte) 0xEF
        && line[from + 1] == (byte) 0xBB
        && line[from + 2] == (byte) 0xBF;
  }

  private void meetLongLine(String file, long position) {
    if (policy.longLines() != LongLines.DROP) {
      throw new WordmillException(
          BAD_INPUT,
          "the line is longer than " + policy.maxLineBytes() + " bytes",
          file + " at byte " + position,
          "cut it into lines of one sentence each");
    }
    longLines++;
    droppedLines++;
  }

  private boolean meetMalformed(int from, int malformed, int to, String file, long shift) {
    if (policy.malformed() == Malformed.STRICT) {
      throw new WordmillException(
          BAD_INPUT,
          String.format(Locale.ROOT, "the byte 0x%02X is not UTF-8", bytes[malformed] & 0xFF),
          file + " at byte " + (malformed + shift),
          "convert the file to UTF-8, or choose to replace malformed bytes or to drop their lines");
    }
    malformedLines++;
    if (places.size() < TextReport.PLACES) {
      places.add(new TextReport.Place(file, malformed + shift));
    }
    int length = repair(from, malformed, to);
    if (policy.malformed() == Malformed.DROP_LINE) {
      droppedLines++;
      return false;
    }
    bytes = own;
    ownEnd = length;
    split(0, length, file, shift + from);
    return true;
  }

  /** Copies the line into our own buffer with U+FFFD for each malformed part. */
  private int repair(int from, int malformed, int to) {
    if (own.length < 3L * (to - from)) {
      own = new byte[Math.toIntExact(3L * (to - from))];
    }
    int out = malformed - from;
    System.arraycopy(bytes, from, own, 0, out);
    int p = malformed;
    while (p < to) {
      int length = bytes[p] >= 0 ? 1 : Utf8.sequence(bytes, p, to);
      if (length > 0) {
        System.arraycopy(bytes, p, own, out, length);
        out += length;
        p += length;
      } else {
        System.arraycopy(REPLACEMENT, 0, own, out, REPLACEMENT.length);
        out += REPLACEMENT.length;
        p -= length;
        malformedParts++;
      }
    }
    return out;
  }

  private void split(int from, int to, String file, long shift) {
    if (policy.unicodeSpace()) {
      putSpaces(from, to);
    }
    byte[] text = bytes;
    int p = from;
    while (true) {
      while (p < to && isSpace(text[p])) {
        if (text[p] == 0) {
          nulBytes++;
        }
        p++;
      }
      if (p == to) {
        return;
      }
      int start = p;
      for (; p < to; p++) {
        byte b = text[p];
        if (b > ' ' && b < DELETE) {
          continue;
        }
        if (b >= 0) {
          if (isSpace(b)) {
            break;
          }
          controlCharacters++;
        } else if (b == C1_LEAD && text[p + 1] < C1_END) {
          controlCharacters++;
        }
      }
      if (text[start] == '<' && isReserved(text, start, p)) {
        meetReserved(start, p, from, to, file, shift);
      } else if (p - start > policy.maxWordBytes()) {
        longWords++;
        add(~start, p);
      } else if (text[start] == '\\' && isEscaped(text, start, p)) {
        escape(start, p, from, to);
      } else {
        add(start, p);
      }
    }
  }

  /** Puts spaces for all bytes of Unicode's white space and control characters. */
  private void putSpaces(int from, int to) {
    for (int p = from; p < to; ) {
      int length = isSpace(bytes[p]) ? 0 : Utf8.space(bytes, p);
      if (length == 0) {
        p++;
        continue;
      }
      unicodeSpaces++;
      makeOwn(from, to);
      Arrays.fill(bytes, p, p + length, (byte) ' ');
      p += length;
    }
  }

  /** Copies the line into our own buffer, at the same indexes, unless it is there. */
  private void makeOwn(int from, int to) {
    if (bytes != own) {
      if (own.length < to) {
        own = new byte[Math.toIntExact(Math.min(MAX_BYTES, 2L * to))];
      }
      System.arraycopy(bytes, from, own, from, to - from);
      bytes = own;
      ownEnd = to;
    }
  }

  /** Adds a word with a backslash before it, which stands behind the line. */
  private void escape(int start, int end, int from, int to) {
    makeOwn(from, to);
    int length = 1 + end - start;
    if (own.length - ownEnd < length) {
      own = Arrays.copyOf(own, Math.toIntExact(Math.min(MAX_BYTES, 2L * (ownEnd + length))));
      bytes = own;
    }
    own[ownEnd] = '\\';
    System.arraycopy(own, start, own, ownEnd + 1, length - 1);
    add(ownEnd, ownEnd + length);
    ownEnd += length;
  }

  /** Whether a word looks as if it had been escaped, and so has to be. */
  private boolean isEscaped(byte[] text, int start, int end) {
    int p = start;
    while (p < end && text[p] == '\\') {
      p++;
    }
    return policy.reserved() == Reserved.ESCAPE && p < end && isReserved(text, p, end);
  }

  /** A complemented start marks a word that is to be {@code <unk>}. */
  private void add(int start, int end) {
    if (words == starts.length) {
      starts = Arrays.copyOf(starts, 2 * words);
      ends = Arrays.copyOf(ends, 2 * words);
    }
    starts[words] = start;
    ends[words] = end;
    words++;
  }

  private static boolean isReserved(byte[] text, int start, int end) {
    return switch (end - start) {
      case 3 -> equal(text, start, Vocabulary.BEGIN);
      case 4 -> equal(text, start, Vocabulary.END);
      case 5 -> equal(text, start, Vocabulary.UNKNOWN);
      default -> false;
    };
  }

  private static boolean equal(byte[] text, int start, String ascii) {
    for (int i = 0; i < ascii.length(); i++) {
      if (text[start + i] != ascii.charAt(i)) {
        return false;
      }
    }
    return true;
  }

  private void meetReserved(int start, int end, int from, int to, String file, long shift) {
    if (policy.reserved() == Reserved.ERROR) {
      throw new WordmillException(
          BAD_INPUT,
          "the text holds the reserved word "
              + new String(bytes, start, end - start, StandardCharsets.US_ASCII),
          file + " at byte " + (start + shift),
          "rewrite it in the text, or use --skip-symbols to treat it as white space, or --reserved"
              + " escape to keep it as a word");
    }
    reservedWords++;
    if (policy.reserved() == Reserved.UNKNOWN) {
      add(~start, end);
    } else if (policy.reserved() == Reserved.ESCAPE) {
      escape(start, end, from, to);
    }
  }
}
