package org.wordmill.text;

import java.io.Serializable;

/**
 * What to do with text that is not what it should be: malformed UTF-8, reserved words, lines and
 * words that are too long.
 *
 * @param maxLineBytes a longer line is an error, so that one broken file cannot fill the memory
 * @param maxWordBytes a longer word (a URL, base64) becomes {@code <unk>} and is counted
 */
public record TextPolicy(Malformed malformed, Reserved reserved, int maxLineBytes, int maxWordBytes)
    implements Serializable {

  /** Replace malformed UTF-8, refuse reserved words; lines up to 16 MiB, words up to 4 KiB. */
  public static final TextPolicy DEFAULT =
      new TextPolicy(Malformed.REPLACE, Reserved.ERROR, 16 << 20, 4096);

  /**
   * For text in memory, which has met its reader's policy: refuse nothing, however long the lines;
   * reserved words are unknown.
   */
  public static final TextPolicy IN_MEMORY =
      new TextPolicy(
          Malformed.REPLACE, Reserved.UNKNOWN, Integer.MAX_VALUE, DEFAULT.maxWordBytes());

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
    UNKNOWN
  }

  public TextPolicy {
    if (maxLineBytes < 1 || maxWordBytes < 1) {
      throw new IllegalArgumentException(
          "limits must be positive: line " + maxLineBytes + ", word " + maxWordBytes);
    }
  }

  public TextPolicy withMalformed(Malformed choice) {
    return new TextPolicy(choice, reserved, maxLineBytes, maxWordBytes);
  }

  public TextPolicy withReserved(Reserved choice) {
    return new TextPolicy(malformed, choice, maxLineBytes, maxWordBytes);
  }
}
