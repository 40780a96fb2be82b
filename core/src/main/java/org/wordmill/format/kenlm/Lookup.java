package org.wordmill.format.kenlm;

/**
 * An n-gram on its way to longer ones: what was read of it, and where a {@link Search} goes on. It
 * is changed by each step, so that looking up makes no object, and belongs to one thread.
 */
final class Lookup {
  /** Of a probing file, the key of the n-gram; of a trie, the first of those that extend it. */
  long node;

  /** Of a trie, the end of those that extend the n-gram. */
  long end;

  /** The log10 probability. */
  float probability;

  /** The log10 back-off weight, of n-grams below the highest order. */
  float backoff;

  /** Whether no n-gram has this one as its last words. */
  boolean independent;

  /** How long the n-gram is that the last token was found with. */
  int matched;

  /** The back-off weight that says that no n-gram begins with this one: minus zero. */
  static boolean extendsRight(float backoff) {
    return Float.floatToRawIntBits(backoff) != Integer.MIN_VALUE;
  }

  /** A log-probability by its bits without the sign, which is that of all of them. */
  static float negative(int bits) {
    return Float.intBitsToFloat(bits | Integer.MIN_VALUE);
  }
}
