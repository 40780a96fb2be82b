package org.wordmill.counter;

import java.io.Serializable;
import java.util.Arrays;

/**
 * The words of a vocabulary in the order of their bytes, so that output can be sorted as people and
 * tools expect. Two arrays of the size of the vocabulary.
 */
final class WordRanks implements Serializable {
  private static final long serialVersionUID = 1L;

  private final int[] ids;
  private final int[] ranks;

  WordRanks(WordTable vocabulary) {
    Integer[] sorted = new Integer[vocabulary.size()];
    Arrays.setAll(sorted, id -> id);
    Arrays.sort(sorted, vocabulary::compare);
    ids = new int[sorted.length];
    ranks = new int[sorted.length];
    for (int rank = 0; rank < sorted.length; rank++) {
      ids[rank] = sorted[rank];
      ranks[ids[rank]] = rank;
    }
  }

  int size() {
    return ids.length;
  }

  int rank(int id) {
    return ranks[id];
  }

  int id(int rank) {
    return ids[rank];
  }
}
