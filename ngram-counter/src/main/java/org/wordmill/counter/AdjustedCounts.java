package org.wordmill.counter;

import java.util.Iterator;
import scala.Tuple2;

/**
 * Stage two of Kneser-Ney: one pass in suffix order over a partition's N-grams gives the adjusted
 * counts of all orders, or the raw ones for smoothings that take those, which go to the partition
 * of their first two words, and the partition's {@link GramStatistics}, which go to an extra
 * partition of the same shuffle.
 */
final class AdjustedCounts extends BlockOutput {
  private final int order;
  private final int partitions;
  private final UsedCount used;
  private final long[] thresholds;
  private final SuffixGroups groups;
  private final GramStatistics statistics;
  private boolean sent;

  /**
   * @param used which counts the smoothing takes
   * @param thresholds element n is the pruning threshold of order n
   */
  AdjustedCounts(
      Packing packing,
      Iterator<Tuple2<Integer, byte[]>> blocks,
      int order,
      int partitions,
      UsedCount used,
      long[] thresholds) {
    super(order, partitions);
    this.order = order;
    this.partitions = partitions;
    this.used = used;
    this.thresholds = thresholds;
    this.statistics = new GramStatistics(order);
    this.groups = new SuffixGroups(packing, order, blocks, this::accept);
  }

  @Override
  boolean advance() {
    for (int i = 0; i < 4096; i++) {
      if (!groups.step()) {
        if (sent) {
          return false;
        }
        send(partitions, statistics.encode());
        sent = true;
        return true;
      }
    }
    return true;
  }

  private void accept(int n, int[] words, long adjusted, long raw) {
    if (n == 1) {
      statistics.words().add(words[0], WordSums.BEFORE, adjusted);
      statistics.words().add(words[0], WordSums.RAW, raw);
      return;
    }
    long count = used.of(adjusted, raw, n == order || words[n - 1] == Words.BEGIN);
    boolean kept = raw > thresholds[n];
    statistics.add(n, count, kept);
    if (n == 2) {
      statistics.words().addExtension(words[1], count, kept);
    }
    int target = Packing.partition(words[n - 1], words[n - 2], partitions);
    writer(n, target).add(words, count << 1 | (kept ? 0 : 1));
  }

  int order() {
    return order;
  }
}
