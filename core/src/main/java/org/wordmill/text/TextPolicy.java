package org.wordmill.text;

import java.io.Serializable;

/**
 * What to do with text that is not what it should be: malformed UTF-8, reserved words, lines and
 * words that are too long, compressed files that are broken or grow without measure.
 *
 * @param longLines what to do with a line of more than {@code maxLineBytes}, so that one broken
 *     file cannot fill the memory
 * @param maxWordBytes a longer word (a URL, base64) becomes {@code <unk>} and is counted
 * @param unicodeSpace whether all white space and control characters of Unicode separate words, and
 *     not only NUL, tab, line feed, carriage return and space
 */
public record TextPolicy(
    Malformed malformed,
    Reserved reserved,
    LongLines longLines,
    int maxLineBytes,
    int maxWordBytes,
    boolean unicodeSpace,
    Corrupt corrupt,
    Bombs bombs)
    implements Serializable {

  /**
   * Replace malformed UTF-8; refuse reserved words, long lines and broken files; tell of files that
   * grow. Lines up to 16 MiB, words up to 4 KiB.
   */
  public static final TextPolicy DEFAULT =
      new TextPolicy(
          Malformed.REPLACE,
          Reserved.ERROR,
          LongLines.ERROR,
          16 << 20,
          4096,
          false,
          Corrupt.FAIL,
          Bombs.WARN);

  /**
   * For text in memory, which has met its reader's policy: refuse nothing, however long the lines;
   * reserved words are unknown.
   */
  public static final TextPolicy IN_MEMORY =
      DEFAULT.withReserved(Reserved.UNKNOWN).withMaxLineBytes(Integer.MAX_VALUE);

  /** What to do with bytes that are not UTF-8. */
  public enum Malformed {
    /** Put U+FFFD for each maximal malformed part, and count it. */
    REPLACE,
    /** Stop with an error that names the place. */
    STRICT,
    /** Leave out the whole line, and count it. */
    DROP_LINE
  }

  /** What to do with the words {@code <s>}, {@code </s>} and {@code <unk>} in text. */
  public enum Reserved {
    /** Stop with an error that names the place. */
    ERROR,
    /** Treat them as white space, and count them: {@code --skip-symbols}. */
    SKIP,
    /** Treat them as unknown words, and count them: what a model that scores text wants. */
    UNKNOWN,
    /**
     * Keep them as ordinary words behind a backslash, {@code \\<s>}, and count them. Words of that
     * form in the text get one backslash more, so that different words stay different.
     */
    ESCAPE
  }

  /** What to do with lines that are too long. */
  public enum LongLines {
    /** Stop with an error that names the place. */
    ERROR,
    /**
     * Cut them into lines of at most so many bytes, each as long as it can be, at white space where
     * there is some and else between two characters; and count them.
     */
    SPLIT,
    /** Leave them out, and count them. */
    DROP
  }

  /** What to do with compressed files that are truncated or corrupt. */
  public enum Corrupt {
    /** Stop with an error that names the file. */
    FAIL,
    /** Leave out the whole file, never a part of it, and name it. */
    SKIP_SHARD
  }

  /** What to do with compressed files that grow to more than a thousand times their size. */
  public enum Bombs {
    /** Read them, and name them. */
    WARN,
    /** Stop with an error that names the file, as soon as it has grown so much. */
    ABORT
  }

  public TextPolicy {
    if (maxLineBytes < 1 || maxWordBytes < 1) {
      throw new IllegalArgumentException(
          "limits must be positive: line " + maxLineBytes + ", word " + maxWordBytes);
    }
  }

  public TextPolicy withMalformed(Malformed choice) {
    return new TextPolicy(
        choice, reserved, longLines, maxLineBytes, maxWordBytes, unicodeSpace, corrupt, bombs);
  }

  public TextPolicy withReserved(Reserved choice) {
    return new TextPolicy(
        malformed, choice, longLines, maxLineBytes, maxWordBytes, unicodeSpace, corrupt, bombs);
  }

  public TextPolicy withLongLines(LongLines choice) {
    return new TextPolicy(
        malformed, reserved, choice, maxLineBytes, maxWordBytes, unicodeSpace, corrupt, bombs);
  }

  public TextPolicy withMaxLineBytes(int choice) {
    return new TextPolicy(
        malformed, reserved, longLines, choice, maxWordBytes, unicodeSpace, corrupt, bombs);
  }

  public TextPolicy withMaxWordBytes(int choice) {
    return new TextPolicy(
        malformed, reserved, longLines, maxLineBytes, choice, unicodeSpace, corrupt, bombs);
  }

  public TextPolicy withUnicodeSpace(boolean choice) {
    return new TextPolicy(
        malformed, reserved, longLines, maxLineBytes, maxWordBytes, choice, corrupt, bombs);
  }

  public TextPolicy withCorrupt(Corrupt choice) {
    return new TextPolicy(
        malformed, reserved, longLines, maxLineBytes, maxWordBytes, unicodeSpace, choice, bombs);
  }

  public TextPolicy withBombs(Bombs choice) {
    return new TextPolicy(
        malformed, reserved, longLines, maxLineBytes, maxWordBytes, unicodeSpace, corrupt, choice);
  }
}
