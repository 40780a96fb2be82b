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
  private final long[][] sorted;

  TableTour(Levels levels, int highest) {
    this.levels = levels;
    this.highest = highest;
    sorted = new long[highest + 1][16];
  }

  /** Hears of an n-gram by its last word: the words before are those heard last of lower orders. */
  @FunctionalInterface
  interface Visitor {
    void ngram(int order, int word, float log10Probability, float log10Backoff) throws IOException;
  }

  /** Tells all n-grams of one order. */
  void visit(int vocabulary, int order, NgramTable.Visitor visitor) throws IOException {
    int[] words = new int[order];
    visitAll(
        vocabulary,
        order,
        (k, word, probability, backoff) -> {
          words[k - 1] = word;
          if (k == order) {
            visitor.ngram(words, probability, backoff);
          }
        });
  }

  /** Tells all n-grams up to an order, each right before those that it begins. */
  void visitAll(int vocabulary, int upTo, Visitor visitor) throws IOException {
    for (int word = 0; word < vocabulary; word++) {
      visit(1, word, word, upTo, visitor);
    }
  }

  private void visit(int k, int word, long entry, int upTo, Visitor visitor) throws IOException {
    float backoff = k < highest ? levels.backoff(k, entry) : 0;
    visitor.ngram(k, word, levels.probability(k, entry), backoff);
    if (k == upTo) {
      return;
    }
    long range = levels.successors(k, entry);
    int count = sort(k + 1, range);
    for (int i = 0; i < count; i++) {
      long successor = sorted[k + 1][i];
      visit(k + 1, (int) (successor >>> 32), Ranges.begin(range) + (int) successor, upTo, visitor);
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
