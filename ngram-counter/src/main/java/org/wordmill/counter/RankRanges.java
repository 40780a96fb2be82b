package org.wordmill.counter;

import java.util.Arrays;

/**
 * The map side of a global sort: a partition's n-grams go to the partition that has the range of
 * their first words, so that the partitions, one after the other, are sorted as a whole.
 */
final class RankRanges extends BlockOutput {
  private final RankedGrams grams;
  private final CountOptions options;
  private final int[] firstRanks;
  private final int[] ngram;
  private int order = 2;
  private int next;

  /**
   * @param firstRanks by partition the first rank of its range, ascending; 0 for the first
   */
  RankRanges(RankedGrams grams, CountOptions options, int[] firstRanks) {
    super(grams.order(), firstRanks.length);
    this.grams = grams;
    this.options = options;
    this.firstRanks = firstRanks.clone();
    this.ngram = new int[grams.order()];
  }

  /** Ranges in which the words are about as frequent in sum. */
  static int[] balanced(WordTable vocabulary, WordRanks ranks, int partitions) {
    long total = 0;
    for (int id = 0; id < vocabulary.size(); id++) {
      total += vocabulary.countOf(id);
    }
    int[] first = new int[partitions];
    Arrays.fill(first, ranks.size());
    first[0] = 0;
    long sum = 0;
    int partition = 1;
    for (int rank = 0; rank < ranks.size(); rank++) {
      while (partition < partitions && sum * partitions >= total * partition) {
        first[partition++] = rank;
      }
      sum += vocabulary.countOf(ranks.id(rank));
    }
    return first;
  }

  @Override
  boolean advance() {
    while (order <= grams.order() && next == grams.size(order)) {
      order++;
      next = 0;
    }
    if (order > grams.order()) {
      return false;
    }
    long minCount = options.minCount(order);
    for (int i = 0; i < 4096 && next < grams.size(order); i++, next++) {
      long count = grams.count(order, next);
      if (count >= minCount) {
        grams.ranks(order, next, ngram);
        writer(order, range(ngram[0])).add(ngram, count);
      }
    }
    return true;
  }

  private int range(int rank) {
    int found = Arrays.binarySearch(firstRanks, rank);
    int partition = found >= 0 ? found : -found - 2;
    while (partition + 1 < firstRanks.length
        && firstRanks[partition + 1] == firstRanks[partition]) {
      partition++;
    }
    return partition;
  }
}
