package org.wordmill.format.kenlm;

/** What a {@link Search} needs to read ahead for some words of a text. It belongs to one thread. */
final class ReadAhead {
  /** For how many words at once: their entries stay in the caches until they are looked up. */
  static final int WORDS = 256;

  /** By word, the key of the n-gram that ends in it. */
  final long[] keys = new long[WORDS];

  /** The words, from 0, whose n-grams may become longer. */
  final int[] open = new int[WORDS];

  /** Of each of these, where its entry should be, and what is there. */
  final long[] offsets = new long[WORDS];

  final int[] found = new int[WORDS];
  final int[] weights = new int[WORDS];
}
