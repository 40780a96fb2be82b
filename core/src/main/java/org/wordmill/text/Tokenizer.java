package org.wordmill.text;

/**
 * Cuts text into tokens, and joins tokens to text again. Implementations are immutable and
 * thread-safe.
 */
public interface Tokenizer {

  Vocabulary vocabulary();

  /** The ids of the tokens of {@code text}, without sentence boundaries. */
  int[] encode(String text);

  /**
   * The text of the ids; {@code decode(encode(text))} is {@code text} up to what the tokenizer
   * documents as lost.
   */
  String decode(int[] ids);
}
