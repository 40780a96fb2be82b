package org.wordmill.counter;

import java.util.Iterator;
import scala.Tuple2;

/**
 * What the driver must know of all n-grams before probabilities can be computed: by order how many
 * there are, how many are kept, and the counts of their adjusted counts; by word the sums of {@link
 * WordSums}. Partitions' statistics add up in any order.
 */
final class GramStatistics {
  private final int order;
  private final long[] all;
  private final long[] kept;
  private final long[][] countsOfCounts;
  private final WordSums words = new WordSums();

  GramStatistics(int order) {
    this.order = order;
    this.all = new long[order + 1];
    this.kept = new long[order + 1];
    this.countsOfCounts = new long[order + 1][5];
  }

  /** Adds an n-gram of order n. */
  void add(int n, long adjusted, boolean isKept) {
    all[n]++;
    if (isKept) {
      kept[n]++;
    }
    if (adjusted < 5) {
      countsOfCounts[n][(int) adjusted]++;
    }
  }

  WordSums words() {
    return words;
  }

  /** N-grams of order n. */
  long all(int n) {
    return all[n];
  }

  /** N-grams of order n that pruning leaves. */
  long kept(int n) {
    return kept[n];
  }

  /** Element j is the number of n-grams of order n with adjusted count j, for j in 1..4. */
  long[] countsOfCounts(int n) {
    return countsOfCounts[n];
  }

  byte[] encode() {
    VarBytes out = new VarBytes(1 << 12);
    for (int n = 1; n <= order; n++) {
      out.putLong(all[n]);
      out.putLong(kept[n]);
      for (long count : countsOfCounts[n]) {
        out.putLong(count);
      }
    }
    words.encode(out);
    return out.take();
  }

  void merge(byte[] encoded) {
    VarBytes.Reader in = new VarBytes.Reader(encoded, 0);
    for (int n = 1; n <= order; n++) {
      all[n] += in.getLong();
      kept[n] += in.getLong();
      for (int j = 0; j < 5; j++) {
        countsOfCounts[n][j] += in.getLong();
      }
    }
    words.merge(in);
  }

  static GramStatistics mergeAll(int order, Iterator<Tuple2<Integer, byte[]>> encoded) {
    GramStatistics sum = new GramStatistics(order);
    while (encoded.hasNext()) {
      sum.merge(encoded.next()._2());
    }
    return sum;
  }
}
