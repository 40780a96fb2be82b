package org.wordmill.format.ngramtable;

import java.io.IOException;
import java.util.Arrays;

/**
 * A tour through all n-grams of a table in the order of their word ids, the first word first, with
 * a stack of one list of successors for each order.
 */
final class TableTour {
  private final Levels levels;
  private final int highest;
  private final int[] ngram;
  private final long[][] sorted;

  TableTour(Levels levels, int highest) {
    this.levels = levels;
    this.highest = highest;
    ngram = new int[highest];
    sorted = new long[highest + 1][16];
  }

  /** Tells all n-grams of one order. */
  void visit(int vocabulary, int order, NgramTable.Visitor visitor) throws IOException {
    int[] words = new int[order];
    for (int word = 0; word < vocabulary; word++) {
      ngram[0] = word;
      visit(1, word, order, words, visitor);
    }
  }

  private void visit(int k, long entry, int order, int[] words, NgramTable.Visitor visitor)
      throws IOException {
    if (k == order) {
      System.arraycopy(ngram, 0, words, 0, order);
      float backoff = order < highest ? levels.backoff(order, entry) : 0;
      visitor.ngram(words, levels.probability(order, entry), backoff);
      return;
    }
    long range = levels.successors(k, entry);
    int count = sort(k + 1, range);
    for (int i = 0; i < count; i++) {
      long successor = sorted[k + 1][i];
      ngram[k] = (int) (successor >>> 32);
      visit(k + 1, Ranges.begin(range) + (int) successor, order, words, visitor);
    }
  }

  /** Sorts the successors of a context of order k-1 by their words; returns how many there are. */
  private int sort(int k, long range) {
    int size = Ranges.size(range);
    if (sorted[k].length < size) {
      sorted[k] = new long[Math.max(size, 2 * sorted[k].length)];
    }
    int count = 0;
    for (int i = 0; i < size; i++) {
      int word = levels.word(k, Ranges.begin(range) + i);
      if (word >= 0) {
        sorted[k][count++] = (long) word << 32 | i;
      }
    }
    Arrays.sort(sorted[k], 0, count);
    return count;
  }
}
