package org.wordmill.counter;

import java.util.Arrays;
import java.util.Iterator;
import scala.Tuple2;

/**
 * One partition's n-grams of orders 2..N with their raw counts, each order a table of packed ranks
 * of words, sorted, so that the n-grams are in the order of their bytes.
 */
final class RankedGrams {
  private final Packing packing;
  private final GramTable[] tables;

  private RankedGrams(Packing packing, int order) {
    this.packing = packing;
    this.tables = new GramTable[order + 1];
    for (int n = 2; n <= order; n++) {
      tables[n] = new GramTable(packing, n, 1);
    }
  }

  /**
   * The n-grams that padded N-grams stand for.
   *
   * @param blocks all padded N-grams of the partition; read to the end here
   */
  static RankedGrams ofPadded(
      Packing packing, WordRanks ranks, int order, Iterator<Tuple2<Integer, byte[]>> blocks) {
    RankedGrams grams = new RankedGrams(packing, order);
    int[] ngram = new int[order];
    SuffixGroups groups =
        new SuffixGroups(
            packing,
            order,
            blocks,
            (n, words, adjusted, raw) -> {
              if (n > 1) {
                for (int i = 0; i < n; i++) {
                  ngram[i] = ranks.rank(words[n - 1 - i]);
                }
                grams.add(n, ngram, raw);
              }
            });
    groups.walk();
    grams.sort();
    return grams;
  }

  /**
   * N-grams whose counts come in parts, as ids from the last word back.
   *
   * @param blocks of all orders; read to the end here
   */
  static RankedGrams ofParts(
      Packing packing, WordRanks ranks, int order, Iterator<Tuple2<Integer, byte[]>> blocks) {
    RankedGrams grams = new RankedGrams(packing, order);
    int[] ngram = new int[order];
    while (blocks.hasNext()) {
      GramBlockReader block = new GramBlockReader(blocks.next()._2());
      int n = block.order();
      while (block.next()) {
        for (int i = 0; i < n; i++) {
          ngram[i] = ranks.rank(block.words()[n - 1 - i]);
        }
        grams.add(n, ngram, block.small());
      }
    }
    grams.sort();
    for (int n = 2; n <= order; n++) {
      grams.tables[n].addUpEqual();
    }
    return grams;
  }

  /**
   * N-grams that are ranks already, each of them once.
   *
   * @param blocks of all orders; read to the end here
   */
  static RankedGrams ofRanks(Packing packing, int order, Iterator<Tuple2<Integer, byte[]>> blocks) {
    RankedGrams grams = new RankedGrams(packing, order);
    while (blocks.hasNext()) {
      GramBlockReader block = new GramBlockReader(blocks.next()._2());
      while (block.next()) {
        grams.add(block.order(), block.words(), block.small());
      }
    }
    grams.sort();
    return grams;
  }

  private void add(int n, int[] ngram, long count) {
    int at = tables[n].append();
    packing.pack(ngram, n, tables[n].records(), at);
    tables[n].records()[at + tables[n].keyLongs()] = count;
  }

  private void sort() {
    GramTable.sortEach(Arrays.copyOfRange(tables, 2, tables.length));
  }

  int order() {
    return tables.length - 1;
  }

  int size(int n) {
    return tables[n].count();
  }

  long count(int n, int index) {
    GramTable table = tables[n];
    return table.records()[index * table.stride() + table.keyLongs()];
  }

  /** The ranks of an n-gram's words, written to {@code out[0..n)}. */
  void ranks(int n, int index, int[] out) {
    GramTable table = tables[n];
    packing.unpack(table.records(), index * table.stride(), n, out);
  }
}
