package org.wordmill.counter;

import java.util.Arrays;
import java.util.Iterator;
import org.wordmill.ngram.ContextSums;
import org.wordmill.ngram.OrderWeights;
import scala.Tuple2;

/**
 * Stage three of Kneser-Ney: the n-grams of one partition by their first two words, in prefix
 * order. The extensions of a context stand together, so one walk down the orders gives u(w|h), for
 * Kneser-Ney (c - D)/c(h.), and gamma(h), and each n-gram meets its own extensions and so its own
 * back-off weight gamma(hw). Each n-gram then goes to the partition of its last two words with
 * these three numbers.
 *
 * <pre>
 *   small number in the block: 1 if gamma(h) follows, +2 if gamma(hw) follows
 *   payload: u(w|h), [gamma(h)], [gamma(hw)] as floats; gamma(h) only where the context changes
 * </pre>
 */
final class Normalization extends BlockOutput {
  static final int HAS_GAMMA = 1;
  static final int HAS_BACKOFF = 2;

  private static final double NO_CONTEXT = -1;

  private final Packing packing;
  private final int order;
  private final int partitions;
  private final OrderWeights[] weights;
  private final UnigramModel unigrams;
  private final GramTable[] tables;
  private final int[] next;
  private final int[] words;

  /**
   * @param blocks all blocks of the partition; read to the end here
   * @param weights element n holds those of order n
   */
  Normalization(
      Packing packing,
      Iterator<Tuple2<Integer, byte[]>> blocks,
      int order,
      int partitions,
      OrderWeights[] weights,
      UnigramModel unigrams) {
    super(order, partitions);
    this.packing = packing;
    this.order = order;
    this.partitions = partitions;
    this.weights = weights.clone();
    this.unigrams = unigrams;
    this.next = new int[order + 2];
    this.words = new int[order];
    this.tables = new GramTable[order + 1];
    for (int n = 2; n <= order; n++) {
      tables[n] = new GramTable(packing, n, 1);
    }
    while (blocks.hasNext()) {
      GramBlockReader block = new GramBlockReader(blocks.next()._2());
      int n = block.order();
      GramTable table = tables[n];
      int countAt = table.keyLongs();
      while (block.next()) {
        int at = table.append();
        packing.packReversed(block.words(), n, table.records(), at);
        table.records()[at + countAt] = block.small();
      }
    }
    GramTable.sortEach(Arrays.copyOfRange(tables, 2, order + 1));
  }

  @Override
  boolean advance() {
    if (next[2] == tables[2].count()) {
      return false;
    }
    int index = next[2]++;
    long[] records = tables[2].records();
    int at = index * tables[2].stride();
    packing.unpack(records, at, 2, words);
    int context = words[0];
    emit(
        2,
        at,
        unigrams.contextTotal(context),
        unigrams.contextTypes(context),
        unigrams.backoff(context));
    return true;
  }

  /**
   * Sends the n-gram at an index of its table's records, and everything that it is the context of.
   *
   * @param total c(h.) of its context
   * @param types T(h) of its context
   * @param gamma gamma(h) of its context
   */
  private void emit(int n, int at, long total, long types, double gamma) {
    GramTable table = tables[n];
    long countAndPruned = table.records()[at + table.keyLongs()];
    double backoff = n < order ? extensions(n, at) : NO_CONTEXT;
    if ((countAndPruned & 1) != 0) {
      return;
    }
    packing.unpack(table.records(), at, n, words);
    int target = Packing.partition(words[n - 1], words[n - 2], partitions);
    GramBlockWriter writer = writer(n, target);
    boolean newContext = writer.shared(words) < n - 1;
    int flags = (newContext ? HAS_GAMMA : 0) | (backoff == NO_CONTEXT ? 0 : HAS_BACKOFF);
    writer.add(words, flags);
    writer.putFloat((float) weights[n].own(countAndPruned >>> 1, total, types));
    if (newContext) {
      writer.putFloat(weights[n].interpolates() ? (float) gamma : 0);
    }
    if (backoff != NO_CONTEXT) {
      writer.putFloat((float) backoff);
    }
  }

  /** Sends the n-grams that an n-gram is the context of; gamma of the context, or NO_CONTEXT. */
  private double extensions(int n, int contextAt) {
    GramTable longer = tables[n + 1];
    long[] records = longer.records();
    int stride = longer.stride();
    int countAt = longer.keyLongs();
    int from = next[n + 1];
    int to = from;
    long total = 0;
    long pruned = 0;
    long n1 = 0;
    long n2 = 0;
    long n3 = 0;
    long prunedTypes = 0;
    while (to < longer.count()
        && packing.samePrefix(tables[n].records(), contextAt, records, to * stride, n)) {
      long countAndPruned = records[to * stride + countAt];
      long count = countAndPruned >>> 1;
      total += count;
      if ((countAndPruned & 1) != 0) {
        pruned += count;
        prunedTypes += count == 0 ? 0 : 1;
      } else if (count == 1) {
        n1++;
      } else if (count == 2) {
        n2++;
      } else if (count > 2) {
        n3++;
      }
      to++;
    }
    next[n + 1] = to;
    if (to == from) {
      return NO_CONTEXT;
    }
    ContextSums sums = new ContextSums(total, n1, n2, n3, pruned, prunedTypes);
    double gamma = weights[n + 1].gamma(sums);
    for (int i = from; i < to; i++) {
      emit(n + 1, i * stride, total, sums.types(), gamma);
    }
    return gamma;
  }
}
