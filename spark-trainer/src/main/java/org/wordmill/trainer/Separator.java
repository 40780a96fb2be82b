package org.wordmill.trainer;

/** What stands behind each document in a sequence of tokens. */
public enum Separator {
  /**
   * The end of the document's last line: the character for characters and byte pairs, {@code </s>}
   * for words.
   */
  LINE_END,
  /** The special token {@code <|endoftext|>} of a byte pair encoding. */
  END_OF_TEXT
}
