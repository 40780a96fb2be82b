package org.wordmill.text;

/**
 * Joins tokens to text one at a time, as they are drawn. Together the pieces are {@link
 * Tokenizer#decode} of all the tokens; what may not be text yet, because a character's last bytes
 * are still to come, is held back. One decoder belongs to one text.
 */
public interface Decoder {

  /** What is certain of the text by this token, beyond what was given before; may be empty. */
  String next(int token);

  /** What was held back, when no more tokens come. */
  String end();
}
