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
 * prefix order.
 *
 * @param bits bits of one word id, 1 to 31
 */
record Packing(int bits) implements Serializable {

  /** The highest order that is supported anywhere in this package. */
  static final int MAX_ORDER = 8;

  /** The packing for ids below {@code vocabularySize}. */
  static Packing forVocabulary(int vocabularySize) {
    return new Packing(Math.max(1, 32 - Integer.numberOfLeadingZeros(vocabularySize - 1)));
  }

  /** Words per long. */
  int wordsPerLong() {
    return 63 / bits;
  }

  /** Longs for {@code order} words. */
  int longs(int order) {
    int perLong = wordsPerLong();
    return (order + perLong - 1) / perLong;
  }

  /** Packs {@code words[0..order)}. */
  void pack(int[] words, int order, long[] out, int at) {
    int perLong = wordsPerLong();
    int word = 0;
    int slot = at;
    while (word < order) {
      long packed = 0;
      for (int i = 0; i < perLong; i++, word++) {
        packed = packed << bits | (word < order ? words[word] : 0);
      }
      out[slot++] = packed;
    }
  }

  /** Packs {@code words[order-1], ..., words[0]}. */
  void packReversed(int[] words, int order, long[] out, int at) {
    int perLong = wordsPerLong();
    int word = order - 1;
    int slot = at;
    while (word >= 0) {
      long packed = 0;
      for (int i = 0; i < perLong; i++, word--) {
        packed = packed << bits | (word >= 0 ? words[word] : 0);
      }
      out[slot++] = packed;
    }
  }

  /** The reverse of {@link #pack}. */
  void unpack(long[] packed, int at, int order, int[] words) {
    int perLong = wordsPerLong();
    long mask = (1L << bits) - 1;
    int word = 0;
    int slot = at;
    while (word < order) {
      long value = packed[slot++];
      int shift = (perLong - 1) * bits;
      for (int i = 0; i < perLong && word < order; i++, shift -= bits) {
        words[word++] = (int) (value >>> shift & mask);
      }
    }
  }

  /** Word {@code index} of a packed n-gram. */
  int word(long[] packed, int at, int index) {
    int perLong = wordsPerLong();
    int shift = (perLong - 1 - index % perLong) * bits;
    return (int) (packed[at + index / perLong] >>> shift & (1L << bits) - 1);
  }

  /** The number of leading words that two packed n-grams of {@code order} words share. */
  int shared(long[] a, int atA, long[] b, int atB, int order) {
    int perLong = wordsPerLong();
    int longs = longs(order);
    for (int i = 0; i < longs; i++) {
      long difference = a[atA + i] ^ b[atB + i];
      if (difference != 0) {
        int unused = 64 - perLong * bits;
        return i * perLong + (Long.numberOfLeadingZeros(difference) - unused) / bits;
      }
    }
    return order;
  }

  /** The bits of the last long of an n-gram's first {@code order} words that hold words. */
  long lastLongMask(int order) {
    int perLong = wordsPerLong();
    int words = order - (longs(order) - 1) * perLong;
    long all = (1L << perLong * bits) - 1;
    return all & -(1L << (perLong - words) * bits);
  }

  /** Whether the first {@code order} words of two packed n-grams, which may be longer, agree. */
  boolean samePrefix(long[] a, int atA, long[] b, int atB, int order) {
    int last = longs(order) - 1;
    for (int i = 0; i < last; i++) {
      if (a[atA + i] != b[atB + i]) {
        return false;
      }
    }
    return ((a[atA + last] ^ b[atB + last]) & lastLongMask(order)) == 0;
  }

  /** The partition in [0, partitions) of an n-gram by two of its words. */
  static int partition(int first, int second, int partitions) {
    long mixed = (first * 0x9E3779B97F4A7C15L ^ second) * 0xD6E8FEB86659FD93L;
    mixed ^= mixed >>> 32;
    mixed *= 0xD6E8FEB86659FD93L;
    return (int) ((mixed >>> 32) * partitions >>> 32);
  }
}
