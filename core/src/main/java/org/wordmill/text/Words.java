package org.wordmill.text;

/**
 * A bijection between words, as UTF-8 bytes, and ids 0..V-1, wherever it is kept: in memory or in a
 * mapped file. Reading is safe for many threads.
 */
public interface Words {

  int size();

  /** The id of the word {@code text[from..to)}, or {@link Vocabulary#NONE}. */
  int find(byte[] text, int from, int to);

  /** The id of a word, or {@link Vocabulary#NONE}. */
  int find(String word);

  /** The word of an id in [0, size). */
  String word(int id);

  /** Whether words are kept as they are, so that {@link #word} can tell them, and not as hashes. */
  default boolean hasStrings() {
    return true;
  }
}
