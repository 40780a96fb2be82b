package org.wordmill.ngram;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.wordmill.error.ExitCode;
import org.wordmill.error.WordmillException;
import org.wordmill.text.Vocabulary;

/**
 * What all smoothings in memory have in common, in doubles: from unigrams upwards, p(w|h) = u(w|h)
 * + gamma(h) p(w|h'), with u and gamma by the {@link OrderWeights} of the order, from counts that
 * the smoothing chose; then the table of it. h' is h without its first word; below the unigrams
 * stands the uniform distribution over the vocabulary without {@code <s>}.
 *
 * <p>Needs about 70 bytes for each n-gram.
 */
final class InterpolatedEstimate {
  private final NgramCounts counts;
  private final KneserNeyOptions options;
  private final NgramLevel[] levels;
  private final int order;
  private final int[][] suffixes;
  private final long[][] used;
  private final List<OrderWeights> weights = new ArrayList<>();
  private final double[][] probabilities;
  private final double[][] gammas;
  private double gammaOfEmpty;

  /**
   * @param counts of the order that the options ask for
   * @param suffixes those of {@link #suffixes}
   * @param used by order from 1, the counts that the smoothing takes; 0 for {@code <s>}
   * @throws WordmillException as {@link #check}
   */
  InterpolatedEstimate(
      NgramCounts counts, KneserNeyOptions options, int[][] suffixes, long[][] used) {
    this.counts = counts;
    this.options = options;
    this.suffixes = suffixes;
    this.used = used;
    levels = counts.levels();
    order = options.order();
    probabilities = new double[order][];
    gammas = new double[order - 1][];
  }

  /**
   * Refuses counts that no model of the options can be made of.
   *
   * @throws WordmillException BAD_INPUT when there is no text
   */
  static void check(NgramCounts counts, KneserNeyOptions options) {
    if (counts.order() != options.order()) {
      throw new IllegalArgumentException(
          "counts of order " + counts.order() + " for a model of order " + options.order());
    }
    if (counts.tokens() == 0) {
      throw new WordmillException(
          ExitCode.BAD_INPUT, "the text is empty", "", "give at least one line");
    }
  }

  /** By order, the number in order k-1 of each k-gram without its first word; none for unigrams. */
  static int[][] suffixes(NgramCounts counts) {
    NgramLevel[] levels = counts.levels();
    int[][] suffixes = new int[counts.order()][];
    for (int k = 2; k <= counts.order(); k++) {
      NgramLevel level = levels[k - 2];
      suffixes[k - 1] = new int[level.size()];
      for (int i = 0; i < level.size(); i++) {
        suffixes[k - 1][i] =
            k == 2
                ? level.word(i)
                : levels[k - 3].find(suffixes[k - 2][level.prefix(i)], level.word(i));
      }
    }
    return suffixes;
  }

  /** How many n-grams of an order have the used counts 0 to 4. */
  long[] countsOfCounts(int ofOrder) {
    long[] countsOfCounts = new long[5];
    for (long count : used[ofOrder - 1]) {
      if (count <= 4) {
        countsOfCounts[(int) count]++;
      }
    }
    return countsOfCounts;
  }

  /** |V|: kept words without {@code <s>}, which is not predicted. */
  long vocabularySize() {
    long size = -1;
    for (int id = 0; id < counts.size(1); id++) {
      size += isPruned(1, id) ? 0 : 1;
    }
    return size;
  }

  /** Computes the next order with these weights, the unigrams first. */
  void interpolate(OrderWeights next) {
    weights.add(next);
    int k = weights.size();
    ContextSums[] sums = sums(k);
    double[] gamma = new double[sums.length];
    for (int i = 0; i < sums.length; i++) {
      gamma[i] = sums[i].total() == 0 ? 1 : next.gamma(sums[i]);
    }
    probabilities[k - 1] = new double[counts.size(k)];
    if (k == 1) {
      gammaOfEmpty = gamma[0];
      interpolateUnigrams(next, sums[0]);
      return;
    }
    gammas[k - 2] = gamma;
    for (int i = 0; i < counts.size(k); i++) {
      int context = levels[k - 2].prefix(i);
      double lower =
          next.interpolates() ? gamma[context] * probabilities[k - 2][suffixes[k - 1][i]] : 0;
      probabilities[k - 1][i] =
          next.own(used[k - 1][i], sums[context].total(), sums[context].types()) + lower;
    }
  }

  private void interpolateUnigrams(OrderWeights unigrams, ContextSums sums) {
    double[] p = probabilities[0];
    double freed = unigrams.interpolates() ? gammaOfEmpty : 0;
    double floor = options.interpolateUnigrams() ? freed / vocabularySize() : 0;
    for (int id = 0; id < p.length; id++) {
      p[id] = unigrams.own(used[0][id], sums.total(), sums.types()) + floor;
    }
    if (!options.interpolateUnigrams()) {
      p[counts.vocabulary().unknown()] += freed;
    }
    p[counts.vocabulary().begin()] = 1; // By convention: log10 p(<s>) = 0 in files.
  }

  /** The sums of the contexts of k-1 words, by their numbers. */
  private ContextSums[] sums(int k) {
    int contexts = k == 1 ? 1 : counts.size(k - 1);
    long[] totals = new long[contexts];
    long[] pruned = new long[contexts];
    long[] prunedTypes = new long[contexts];
    int[][] kept = new int[4][contexts];
    for (int i = 0; i < counts.size(k); i++) {
      int context = k == 1 ? 0 : levels[k - 2].prefix(i);
      long count = used[k - 1][i];
      totals[context] += count;
      if (!isPruned(k, i)) {
        kept[(int) Math.min(count, 3)][context]++;
      } else if (count > 0) {
        pruned[context] += count;
        prunedTypes[context]++;
      }
    }
    ContextSums[] sums = new ContextSums[contexts];
    Arrays.setAll(
        sums,
        i ->
            new ContextSums(
                totals[i], kept[1][i], kept[2][i], kept[3][i], pruned[i], prunedTypes[i]));
    return sums;
  }

  /** The sums of one context; one pass over the n-grams of its order. */
  ContextSums sums(int... h) {
    int k = h.length + 1;
    int context = k == 1 ? 0 : find(h);
    return context == NgramLevel.NONE ? new ContextSums(0, 0, 0, 0, 0, 0) : sums(k)[context];
  }

  OrderWeights weights(int ofOrder) {
    return weights.get(ofOrder - 1);
  }

  /** p(last word | the words before), in the order of the n-gram; 0 when it is not in the model. */
  double probability(int... ngram) {
    int index = find(ngram);
    return index == NgramLevel.NONE || isPruned(ngram.length, index)
        ? 0
        : probabilities[ngram.length - 1][index];
  }

  /** The back-off weight gamma of a context of at most N-1 words; 1 when nothing follows it. */
  double gamma(int... context) {
    if (context.length == 0) {
      return gammaOfEmpty;
    }
    int index = find(context);
    return index == NgramLevel.NONE || isPruned(context.length, index)
        ? 1
        : gammas[context.length - 1][index];
  }

  /** The estimate as a table of 32-bit log10 values, without the n-grams that were pruned. */
  BackoffModel toModel() {
    int[] newIds = new int[counts.vocabulary().size()];
    List<String> kept = new ArrayList<>();
    for (int id = 0; id < newIds.length; id++) {
      newIds[id] = isPruned(1, id) ? NgramLevel.NONE : kept.size();
      if (!isPruned(1, id)) {
        kept.add(counts.vocabulary().token(id));
      }
    }
    BackoffModel.Builder model = new BackoffModel.Builder(order, new Vocabulary(kept));
    for (int id = 0; id < newIds.length; id++) {
      if (!isPruned(1, id)) {
        add(model, new int[] {newIds[id]}, 1, id);
      }
    }
    int[] ngram = new int[order];
    for (int k = 2; k <= order; k++) {
      model.expect(k, counts.size(k));
      // By prefix, which keeps together what the table and its readers look up together.
      NgramChildren children = levels[k - 2].children(counts.size(k - 1));
      for (int i = 0; i < counts.size(k); i++) {
        int index = children.entry(i);
        if (!isPruned(k, index)) {
          int entry = index;
          for (int j = k; j >= 2; j--) {
            ngram[j - 1] = newIds[levels[j - 2].word(entry)];
            entry = levels[j - 2].prefix(entry);
          }
          ngram[0] = newIds[entry];
          add(model, ngram, k, index);
        }
      }
    }
    return model.build();
  }

  private void add(BackoffModel.Builder model, int[] ngram, int k, int index) {
    float backoff = k == order ? 0 : KneserNey.log10(gammas[k - 1][index]);
    model.add(ngram, k, KneserNey.log10(probabilities[k - 1][index]), backoff);
  }

  NgramCounts counts() {
    return counts;
  }

  KneserNeyOptions options() {
    return options;
  }

  /** The used count of an n-gram by its number in its order. */
  long used(int ofOrder, int index) {
    return used[ofOrder - 1][index];
  }

  /** The number of an n-gram in its order, pruned ones too, or {@link NgramLevel#NONE}. */
  int find(int... ngram) {
    int index = ngram[0];
    for (int k = 2; k <= ngram.length && index != NgramLevel.NONE; k++) {
      index = levels[k - 2].find(index, ngram[k - 1]);
    }
    return index;
  }

  /** Whether an n-gram is counted but not in the model. */
  boolean isPruned(int k, int index) {
    long threshold = options.threshold(k);
    if (threshold == 0 || (k == 1 && isReserved(index))) {
      return false;
    }
    return counts.countAt(k, index) <= threshold;
  }

  private boolean isReserved(int id) {
    Vocabulary words = counts.vocabulary();
    return id == words.begin() || id == words.end() || id == words.unknown();
  }
}
