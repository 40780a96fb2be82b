package org.wordmill.counter;

import java.util.Iterator;
import java.util.NoSuchElementException;
import scala.Tuple2;

/**
 * One partition's n-grams of all orders with their raw counts, order by order, each order sorted by
 * the bytes of its words. The unigrams come from the vocabulary, some of them for each partition.
 */
final class RawCounts implements Iterator<Tuple2<Integer, GramBatch>> {
  private final RankedGrams grams;
  private final WordTable vocabulary;
  private final WordRanks ranks;
  private final int order;
  private final CountOptions options;
  private final int endRank;
  private final int step;
  private final GramBatch batch;
  private final int[] ngram;
  private int currentOrder;
  private int next;
  private boolean filled;

  private RawCounts(
      RankedGrams grams,
      WordTable vocabulary,
      WordRanks ranks,
      CountOptions options,
      int firstOrder,
      int firstRank,
      int endRank,
      int step) {
    this.grams = grams;
    this.vocabulary = vocabulary;
    this.ranks = ranks;
    this.order = options.order();
    this.options = options;
    this.endRank = endRank;
    this.step = step;
    this.currentOrder = firstOrder;
    this.next = firstRank;
    this.batch = new GramBatch(vocabulary.toArrays());
    this.ngram = new int[order];
  }

  /** N-grams, and unigrams that are dealt out to the partitions by turns. */
  static RawCounts byTurns(
      RankedGrams grams,
      WordTable vocabulary,
      WordRanks ranks,
      CountOptions options,
      int partition,
      int partitions) {
    return new RawCounts(grams, vocabulary, ranks, options, 1, partition, ranks.size(), partitions);
  }

  /** N-grams, and the unigrams of ranks in {@code [firstRank, endRank)}. */
  static RawCounts ofRange(
      RankedGrams grams,
      WordTable vocabulary,
      WordRanks ranks,
      CountOptions options,
      int firstRank,
      int endRank) {
    return new RawCounts(grams, vocabulary, ranks, options, 1, firstRank, endRank, 1);
  }

  /** N-grams of orders 2 and above. */
  static RawCounts withoutUnigrams(
      RankedGrams grams, WordTable vocabulary, WordRanks ranks, CountOptions options) {
    return new RawCounts(grams, vocabulary, ranks, options, 2, 0, 0, 1);
  }

  @Override
  public boolean hasNext() {
    if (!filled) {
      fill();
      filled = true;
    }
    return batch.size() > 0;
  }

  /** The batch is overwritten by the next one. */
  @Override
  public Tuple2<Integer, GramBatch> next() {
    if (!hasNext()) {
      throw new NoSuchElementException();
    }
    filled = false;
    return new Tuple2<>(batch.order(), batch);
  }

  private void fill() {
    while (currentOrder <= order) {
      batch.clear(currentOrder);
      if (currentOrder == 1) {
        fillUnigrams();
      } else {
        fillGrams();
      }
      if (batch.size() > 0) {
        return;
      }
      currentOrder++;
      next = 0;
    }
    batch.clear(order);
  }

  private void fillUnigrams() {
    long minCount = options.minCount(1);
    for (; next < endRank && !batch.isFull(); next += step) {
      int id = ranks.id(next);
      long count = vocabulary.countOf(id);
      if (count >= minCount) {
        ngram[0] = id;
        batch.add(ngram, count);
      }
    }
  }

  private void fillGrams() {
    long minCount = options.minCount(currentOrder);
    for (; next < grams.size(currentOrder) && !batch.isFull(); next++) {
      long count = grams.count(currentOrder, next);
      if (count < minCount) {
        continue;
      }
      grams.ranks(currentOrder, next, ngram);
      for (int i = 0; i < currentOrder; i++) {
        ngram[i] = ranks.id(ngram[i]);
      }
      batch.add(ngram, count);
    }
  }
}
