package org.wordmill.format.kenlm;

/**
 * The n-grams of a file, found from their last word backwards: first w, then hw with the word h
 * before it, and so on. Safe for many threads, each with its own {@link Lookup}.
 *
 * <p>An {@link IndexOutOfBoundsException} says that a damaged file points outside itself.
 */
interface Search {

  /** Goes to a word alone. */
  void unigram(int word, Lookup at);

  /**
   * Goes on to the n-gram with one more word before it.
   *
   * @param order of the longer n-gram, between 2 and N-1
   * @return whether it is there; if not, {@code at} is of no more use
   */
  boolean middle(int order, int word, Lookup at);

  /** Goes on to an n-gram of order N, of which there is a probability alone. */
  boolean longest(int word, Lookup at);

  /**
   * Reads what look-ups of the n-grams that end in some words of a text will need, as much of it at
   * once as it can, so that they find it in the cache. Nothing else comes of it.
   *
   * @param words of one text or of several
   * @param reach how long an n-gram may be that ends in a word
   * @param from the first of the words, of which there are {@link ReadAhead#WORDS} at most
   */
  default void readAhead(int[] words, int[] reach, int from, int to, ReadAhead ahead) {}
}
