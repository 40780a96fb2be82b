package org.wordmill.counter;

import java.util.Iterator;
import scala.Tuple2;

/**
 * The reduce side of counting: walks one partition's padded N-grams in suffix order, and reports
 * each n-gram of every order with its counts when its group of N-grams ends.
 *
 * <p>All N-grams that end in the same two words are in one partition, so every n-gram of two words
 * or more is reported once over all partitions; a unigram is reported once in each partition that
 * has some of its bigrams, and the parts add up.
 */
final class SuffixGroups {

  /** Takes an n-gram; the orders come interleaved, within an order ascending in suffix order. */
  interface Consumer {
    /**
     * @param words the n-gram backwards: {@code words[0]} is its last word
     * @param adjusted the count that Kneser-Ney uses: the number of distinct words before the
     *     n-gram; the raw count when it begins with {@code <s>} or has the highest order
     * @param raw how often it occurs
     */
    void accept(int order, int[] words, long adjusted, long raw);
  }

  private final Packing packing;
  private final int order;
  private final Consumer consumer;
  private final GramTable table;
  private final int countAt;
  private final long[] extensions;
  private final long[] raw;

  private int[] current;
  private int[] previous;
  private int previousOrder;
  private int walked;

  /**
   * @param blocks all blocks of the partition; read to the end here
   */
  SuffixGroups(
      Packing packing, int order, Iterator<Tuple2<Integer, byte[]>> blocks, Consumer consumer) {
    this.packing = packing;
    this.order = order;
    this.consumer = consumer;
    this.table = new GramTable(packing, order, 1);
    this.countAt = table.keyLongs();
    this.extensions = new long[order + 1];
    this.raw = new long[order + 1];
    this.current = new int[order];
    this.previous = new int[order];
    while (blocks.hasNext()) {
      GramBlockReader block = new GramBlockReader(blocks.next()._2());
      while (block.next()) {
        int at = table.append();
        packing.pack(block.words(), order, table.records(), at);
        table.records()[at + countAt] = block.small();
      }
    }
    table.sort();
  }

  /** Takes all N-grams. */
  void walk() {
    boolean more = true;
    while (more) {
      more = step();
    }
  }

  /** Takes the next N-gram; false when there was none, and all groups have been reported. */
  boolean step() {
    if (walked == table.count()) {
      if (previousOrder > 0) {
        close(0);
        previousOrder = 0;
      }
      return false;
    }
    long[] records = table.records();
    int stride = table.stride();
    int at = walked * stride;
    long count = 0;
    do {
      count += records[walked * stride + countAt];
      walked++;
    } while (walked < table.count()
        && packing.samePrefix(records, at, records, walked * stride, order));
    packing.unpack(records, at, order, current);
    int shared = sharedWords();
    close(shared);
    open(shared, count);
    return true;
  }

  private int sharedWords() {
    int shared = 0;
    while (shared < previousOrder && current[shared] == previous[shared]) {
      shared++;
    }
    return shared;
  }

  /** Reports the n-grams of the previous N-gram that the current one does not end in. */
  private void close(int shared) {
    for (int n = previousOrder; n > shared; n--) {
      boolean counted = n == order || previous[n - 1] == Words.BEGIN;
      consumer.accept(n, previous, counted ? raw[n] : extensions[n], raw[n]);
    }
  }

  private void open(int shared, long count) {
    int length = 1;
    while (length < order && current[length - 1] != Words.BEGIN) {
      length++;
    }
    for (int n = 1; n <= length; n++) {
      if (n > shared) {
        raw[n] = 0;
        extensions[n] = 0;
      }
      raw[n] += count;
      if (n >= shared) {
        // The n-gram one word longer is new, so this one has one more left extension.
        extensions[n]++;
      }
    }
    int[] swap = previous;
    previous = current;
    current = swap;
    previousOrder = length;
  }
}
