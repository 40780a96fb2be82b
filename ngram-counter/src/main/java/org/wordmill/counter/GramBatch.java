package org.wordmill.counter;

import java.util.Arrays;

/**
 * N-grams of one order with their counts, on their way from a task to its output; reused.
 *
 * <p>The ids of n-gram i are {@code ids[i * order .. (i + 1) * order)}, and point into {@code
 * words}.
 */
final class GramBatch {
  static final int CAPACITY = 4096;

  private final byte[][] words;
  private int[] ids = {};
  private final long[] counts = new long[CAPACITY];
  private int order;
  private int size;

  GramBatch(byte[][] words) {
    this.words = words;
  }

  void clear(int newOrder) {
    order = newOrder;
    size = 0;
    if (ids.length < CAPACITY * order) {
      ids = Arrays.copyOf(ids, CAPACITY * order);
    }
  }

  boolean isFull() {
    return size == CAPACITY;
  }

  void add(int[] ngram, long count) {
    System.arraycopy(ngram, 0, ids, size * order, order);
    counts[size++] = count;
  }

  int order() {
    return order;
  }

  int size() {
    return size;
  }

  long count(int index) {
    return counts[index];
  }

  /** The bytes of a word of an n-gram. */
  byte[] word(int index, int position) {
    return words[ids[index * order + position]];
  }
}
