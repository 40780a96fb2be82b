package org.wordmill.text;

import java.util.Arrays;

/**
 * How often each pair of neighbouring symbols occurs, and in which words: an open-addressing hash
 * table whose pairs have indices in the order of their first occurrence.
 *
 * <p>The words of a pair are those in which it has ever occurred, so some may have lost it; one may
 * be there twice.
 */
final class PairCounts {
  private static final int[] NO_WORDS = {};

  private int[] slots = new int[1 << 12];
  private long[] pairs = new long[1 << 10];
  private long[] counts = new long[1 << 10];
  private int[][] words = new int[1 << 10][];
  private int[] wordCounts = new int[1 << 10];
  private int size;

  static long pair(int left, int right) {
    return (long) left << Integer.SIZE | right;
  }

  static int left(long pair) {
    return (int) (pair >>> Integer.SIZE);
  }

  static int right(long pair) {
    return (int) pair;
  }

  int size() {
    return size;
  }

  long pair(int index) {
    return pairs[index];
  }

  long count(int index) {
    return counts[index];
  }

  /** Adds to the count of a pair in a word; returns the pair's index. */
  int add(long pair, long more, int word) {
    int index = index(pair);
    counts[index] += more;
    int known = wordCounts[index];
    if (known > 0 && words[index][known - 1] == word) {
      return index;
    }
    if (known == words[index].length) {
      words[index] = Arrays.copyOf(words[index], Math.max(2, known + known / 2));
    }
    words[index][known] = word;
    wordCounts[index]++;
    return index;
  }

  /** Takes from the count of a pair that is there. */
  void subtract(long pair, long less) {
    counts[index(pair)] -= less;
  }

  /** The words of a pair, which are forgotten: the pair is about to be merged in all of them. */
  int[] takeWords(int index) {
    int[] taken = Arrays.copyOf(words[index], wordCounts[index]);
    words[index] = NO_WORDS;
    wordCounts[index] = 0;
    return taken;
  }

  private int index(long pair) {
    int slot = slot(pair);
    if (slots[slot] > 0) {
      return slots[slot] - 1;
    }
    if (size == pairs.length) {
      grow();
      slot = slot(pair);
    }
    pairs[size] = pair;
    words[size] = NO_WORDS;
    slots[slot] = ++size;
    return size - 1;
  }

  private void grow() {
    pairs = Arrays.copyOf(pairs, 2 * size);
    counts = Arrays.copyOf(counts, 2 * size);
    words = Arrays.copyOf(words, 2 * size);
    wordCounts = Arrays.copyOf(wordCounts, 2 * size);
    slots = new int[2 * slots.length];
    for (int i = 0; i < size; i++) {
      slots[slot(pairs[i])] = i + 1;
    }
  }

  private int slot(long pair) {
    int mask = slots.length - 1;
    int slot = (int) (pair * 0x9E3779B97F4A7C15L >>> Integer.SIZE) & mask;
    while (slots[slot] > 0 && pairs[slots[slot] - 1] != pair) {
      slot = slot + 1 & mask;
    }
    return slot;
  }
}
