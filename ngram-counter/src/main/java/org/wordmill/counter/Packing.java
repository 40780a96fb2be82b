package org.wordmill.counter;

import java.io.Serializable;

/**
 * How the word ids of an n-gram are laid into longs: each word takes {@code bits} bits, as many
 * whole words go into one long as fit into 63 bits, the first word highest. So unsigned and signed
 * comparison agree, longs compare in the lexicographic order of their words, and the packed first k
 * words of an n-gram are the same bits whatever follows them.
 *
 * <pre>
 *   long 0: 0 | word 0 | word 1 | ... | word m-1 | unused      m = 63 / bits
 *   long 1: 0 | word m | ...
 * </pre>
 *
 * <p>Which word comes first is the caller's affair: the last word for suffix order, the first for
 * prefix order. What follows from {@code bits} by division is kept, since a division takes longer
 * than packing a word.
 */
final class Packing implements Serializable {
  private static final long serialVersionUID = 1L;

  /** The highest order that is supported anywhere in this package. */
  static final int MAX_ORDER = 8;

  private final int bits;
  private final int wordsPerLong;
  private final long wordMask;

  /** Of the first word of a long. */
  private final int topShift;

  private final int[] longs = new int[MAX_ORDER + 1];
  private final long[] lastMasks = new long[MAX_ORDER + 1];

  /** By the place of a word, its long and its shift there. */
  private final int[] slots = new int[MAX_ORDER];

  private final int[] shifts = new int[MAX_ORDER];

  /**
   * @param bits bits of one word id, 1 to 31
   */
  private Packing(int bits) {
    this.bits = bits;
    this.wordsPerLong = 63 / bits;
    this.wordMask = (1L << bits) - 1;
    this.topShift = (wordsPerLong - 1) * bits;
    for (int word = 0; word < MAX_ORDER; word++) {
      slots[word] = word / wordsPerLong;
      shifts[word] = topShift - word % wordsPerLong * bits;
      longs[word + 1] = slots[word] + 1;
      lastMasks[word + 1] = (1L << wordsPerLong * bits) - (1L << shifts[word]);
    }
  }

  /** The packing for ids below {@code vocabularySize}. */
  static Packing forVocabulary(int vocabularySize) {
    return new Packing(Math.max(1, 32 - Integer.numberOfLeadingZeros(vocabularySize - 1)));
  }

  /** Bits of one word. */
  int bits() {
    return bits;
  }

  /** The long of a word, by its place. */
  int slot(int word) {
    return slots[word];
  }

  /** How far a word is shifted in its long, by its place. */
  int shift(int word) {
    return shifts[word];
  }

  /** The bits of a word that is not shifted. */
  long wordMask() {
    return wordMask;
  }

  /** How far the first word of a long is shifted. */
  int topShift() {
    return topShift;
  }

  /** Longs for {@code order} words. */
  int longs(int order) {
    return longs[order];
  }

  /** Packs {@code words[0..order)}. */
  void pack(int[] words, int order, long[] out, int at) {
    int slot = at;
    for (int word = 0; word < order; slot++) {
      int stop = Math.min(order, word + wordsPerLong);
      long packed = 0;
      for (int shift = topShift; word < stop; word++, shift -= bits) {
        packed |= (long) words[word] << shift;
      }
      out[slot] = packed;
    }
  }

  /** Packs {@code words[order-1], ..., words[0]}. */
  void packReversed(int[] words, int order, long[] out, int at) {
    int slot = at;
    for (int word = order - 1; word >= 0; slot++) {
      int stop = Math.max(0, word + 1 - wordsPerLong);
      long packed = 0;
      for (int shift = topShift; word >= stop; word--, shift -= bits) {
        packed |= (long) words[word] << shift;
      }
      out[slot] = packed;
    }
  }

  /** The reverse of {@link #pack}. */
  void unpack(long[] packed, int at, int order, int[] words) {
    int slot = at;
    for (int word = 0; word < order; slot++) {
      int stop = Math.min(order, word + wordsPerLong);
      long value = packed[slot];
      for (int shift = topShift; word < stop; word++, shift -= bits) {
        words[word] = (int) (value >>> shift & wordMask);
      }
    }
  }

  /** Word {@code index} of a packed n-gram. */
  int word(long[] packed, int at, int index) {
    return (int) (packed[at + slots[index]] >>> shifts[index] & wordMask);
  }

  /** The bits of the last long of an n-gram's first {@code order} words that hold words. */
  long lastLongMask(int order) {
    return lastMasks[order];
  }

  /** Whether the first {@code order} words of two packed n-grams, which may be longer, agree. */
  boolean samePrefix(long[] a, int atA, long[] b, int atB, int order) {
    int last = longs[order] - 1;
    for (int i = 0; i < last; i++) {
      if (a[atA + i] != b[atB + i]) {
        return false;
      }
    }
    return ((a[atA + last] ^ b[atB + last]) & lastMasks[order]) == 0;
  }

  /** The partition in [0, partitions) of an n-gram by two of its words. */
  static int partition(int first, int second, int partitions) {
    long mixed = (first * 0x9E3779B97F4A7C15L ^ second) * 0xD6E8FEB86659FD93L;
    mixed ^= mixed >>> 32;
    mixed *= 0xD6E8FEB86659FD93L;
    return (int) ((mixed >>> 32) * partitions >>> 32);
  }
}
