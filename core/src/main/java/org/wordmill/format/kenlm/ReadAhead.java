package org.wordmill.format.kenlm;

/** What a {@link Search} needs to read ahead for some words of a text. It belongs to one thread. */
final class ReadAhead {
  /** For how many words at once: their entries stay in the caches until they are looked up. */
  static final int WORDS = 256;

  /** By word, the key of the n-gram that ends in it. */
  final long[] keys;

  /** The words, from 0, whose n-grams may become longer. */
  final int[] open;

  /** Of each of these, where its entry should be, and what is there. */
  final long[] offsets;

  final int[] found;
  final int[] weights;

  /**
   * @param words of all texts
   */
  ReadAhead(int words) {
    int room = Math.min(words, WORDS);
    keys = new long[room];
    open = new int[room];
    offsets = new long[room];
    found = new int[room];
    weights = new int[room];
  }
}
