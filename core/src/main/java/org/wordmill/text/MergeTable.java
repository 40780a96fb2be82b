package org.wordmill.text;

import java.util.Arrays;
import java.util.PriorityQueue;

/**
 * The merges of a byte pair encoding by rank: which two symbols become which one, the lowest rank
 * first, equal ranks from the left. An open-addressing hash table of pairs.
 *
 * <p>A piece of n symbols costs O(n^2) simple steps when it is short and O(n log n) when it is
 * long, so a hostile piece costs no more than its length in other text.
 */
final class MergeTable {
  static final int NONE = Integer.MAX_VALUE;

  private static final int LONG_PIECE = 48;
  private static final long EMPTY = -1;

  private final int[] lefts;
  private final int[] rights;
  private final int[] merged;
  private final long[] keys;
  private final int[] ranks;

  /**
   * @param lefts and {@code rights}, the pair of each rank
   * @param merged what the pair becomes
   * @throws IllegalArgumentException if a pair occurs twice
   */
  MergeTable(int[] lefts, int[] rights, int[] merged) {
    this.lefts = lefts;
    this.rights = rights;
    this.merged = merged;
    int slots = Integer.highestOneBit(Math.max(8, merged.length)) * 4;
    keys = new long[slots];
    ranks = new int[slots];
    Arrays.fill(keys, EMPTY);
    for (int rank = 0; rank < merged.length; rank++) {
      long key = key(lefts[rank], rights[rank]);
      int slot = slot(key);
      if (keys[slot] != EMPTY) {
        throw new IllegalArgumentException("merge " + rank + " was there before");
      }
      keys[slot] = key;
      ranks[slot] = rank;
    }
  }

  int size() {
    return merged.length;
  }

  int left(int rank) {
    return lefts[rank];
  }

  int right(int rank) {
    return rights[rank];
  }

  private static long key(int left, int right) {
    return (long) left << Integer.SIZE | right;
  }

  private int slot(long key) {
    int mask = keys.length - 1;
    long mixed = key * 0x9E3779B97F4A7C15L;
    int slot = (int) (mixed >>> Integer.SIZE) & mask;
    while (keys[slot] != key && keys[slot] != EMPTY) {
      slot = slot + 1 & mask;
    }
    return slot;
  }

  /** The rank of a pair or {@link #NONE}. */
  int rank(int left, int right) {
    int slot = slot(key(left, right));
    return keys[slot] == EMPTY ? NONE : ranks[slot];
  }

  /** Merges the first {@code length} symbols in place as far as it goes; returns how many stay. */
  int apply(int[] symbols, int length) {
    return length > LONG_PIECE ? applyToLong(symbols, length) : applyToShort(symbols, length);
  }

  private int applyToShort(int[] symbols, int length) {
    int[] pairs = new int[length];
    for (int i = 0; i + 1 < length; i++) {
      pairs[i] = rank(symbols[i], symbols[i + 1]);
    }
    int left = length;
    while (left > 1) {
      int best = 0;
      for (int i = 1; i + 1 < left; i++) {
        if (pairs[i] < pairs[best]) {
          best = i;
        }
      }
      if (pairs[best] == NONE) {
        return left;
      }
      symbols[best] = merged[pairs[best]];
      left--;
      System.arraycopy(symbols, best + 2, symbols, best + 1, left - best - 1);
      System.arraycopy(pairs, best + 1, pairs, best, left - best);
      if (best > 0) {
        pairs[best - 1] = rank(symbols[best - 1], symbols[best]);
      }
      if (best + 1 < left) {
        pairs[best] = rank(symbols[best], symbols[best + 1]);
      }
    }
    return left;
  }

  /** With a queue of (rank, place); what is out of date is passed over when its turn comes. */
  private int applyToLong(int[] symbols, int length) {
    int[] next = new int[length];
    int[] previous = new int[length];
    PriorityQueue<Long> queue = new PriorityQueue<>();
    for (int i = 0; i < length; i++) {
      next[i] = i + 1;
      previous[i] = i - 1;
      offer(queue, symbols, i, i + 1, length);
    }
    for (Long best = queue.poll(); best != null; best = queue.poll()) {
      int at = best.intValue();
      int rank = (int) (best >>> Integer.SIZE);
      int after = symbols[at] < 0 ? length : next[at];
      if (after >= length || rank(symbols[at], symbols[after]) != rank) {
        continue;
      }
      symbols[at] = merged[rank];
      symbols[after] = -1;
      next[at] = next[after];
      if (next[at] < length) {
        previous[next[at]] = at;
      }
      offer(queue, symbols, at, next[at], length);
      if (previous[at] >= 0) {
        offer(queue, symbols, previous[at], at, length);
      }
    }
    int left = 0;
    for (int i = 0; i < length; i = next[i]) {
      symbols[left++] = symbols[i];
    }
    return left;
  }

  private void offer(PriorityQueue<Long> queue, int[] symbols, int at, int after, int length) {
    if (after < length) {
      int rank = rank(symbols[at], symbols[after]);
      if (rank != NONE) {
        queue.add(key(rank, at));
      }
    }
  }
}
