package org.wordmill.counter;

import java.util.Iterator;
import java.util.NoSuchElementException;
import scala.Tuple2;

/**
 * One partition's n-grams of all orders with their raw counts, order by order, each order sorted by
 * the bytes of its words. The unigrams come from the vocabulary, dealt out by turns.
 */
final class RawCounts implements Iterator<Tuple2<Integer, GramBatch>> {
  private final Packing packing;
  private final WordTable vocabulary;
  private final WordRanks ranks;
  private final int order;
  private final long minCount;
  private final int partitions;
  private final GramTable[] tables;
  private final GramBatch batch;
  private final int[] ngram;
  private int currentOrder = 1;
  private int next;
  private boolean filled;

  /**
   * @param blocks all padded N-grams of the partition, none for order 1; read to the end here
   */
  RawCounts(
      Iterator<Tuple2<Integer, byte[]>> blocks,
      WordTable vocabulary,
      WordRanks ranks,
      CountOptions options,
      int partition,
      int partitions) {
    this.packing = Packing.forVocabulary(vocabulary.size());
    this.vocabulary = vocabulary;
    this.ranks = ranks;
    this.order = options.order();
    this.minCount = options.minCount();
    this.partitions = partitions;
    this.next = partition;
    this.batch = new GramBatch(vocabulary.toArrays());
    this.ngram = new int[order];
    this.tables = new GramTable[order + 1];
    for (int n = 2; n <= order; n++) {
      tables[n] = new GramTable(packing, n, 1);
    }
    if (order > 1) {
      new SuffixGroups(packing, order, blocks, this::accept).walk();
    }
    for (int n = 2; n <= order; n++) {
      tables[n].sort();
    }
  }

  private void accept(int n, int[] words, long adjusted, long raw) {
    if (n == 1 || raw < minCount) {
      return;
    }
    for (int i = 0; i < n; i++) {
      ngram[i] = ranks.rank(words[n - 1 - i]);
    }
    int at = tables[n].append();
    packing.pack(ngram, n, tables[n].records(), at);
    tables[n].records()[at + tables[n].keyLongs()] = raw;
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
        fillGrams(tables[currentOrder]);
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
    for (; next < ranks.size() && !batch.isFull(); next += partitions) {
      int id = ranks.id(next);
      long count = vocabulary.countOf(id);
      if (count >= minCount) {
        ngram[0] = id;
        batch.add(ngram, count);
      }
    }
  }

  private void fillGrams(GramTable table) {
    for (; next < table.count() && !batch.isFull(); next++) {
      int at = next * table.stride();
      packing.unpack(table.records(), at, currentOrder, ngram);
      for (int i = 0; i < currentOrder; i++) {
        ngram[i] = ranks.id(ngram[i]);
      }
      batch.add(ngram, table.records()[at + table.keyLongs()]);
    }
  }
}
