package org.wordmill.ngram;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import org.wordmill.error.WordmillException;
import org.wordmill.lm.Explainable;
import org.wordmill.lm.Explanation;

/**
 * Interpolated modified Kneser-Ney estimation in memory, in doubles (Chen and Goodman 1998; the
 * conventions of KenLM's lmplz): the reference that the estimator on a cluster must equal.
 *
 * <p>The highest order has raw counts. A lower order has adjusted counts: how many different words
 * stand to the left of the n-gram, or the raw count when it begins with {@code <s>}, which nothing
 * precedes. Then, from unigrams upwards,
 *
 * <pre>p(w|h) = max(0, c(hw) - D)/c(h.) + gamma(h) p(w|h')</pre>
 *
 * where h' is h without its first word; below the unigrams stands the uniform distribution over the
 * vocabulary without {@code <s>}. Needs about 70 bytes for each n-gram.
 */
public final class KneserNey implements Explainable {
  /** How ARPA files write log10 0. */
  private static final double LOG10_ZERO = -99;

  private final InterpolatedEstimate estimate;
  private final List<Discounts> discounts = new ArrayList<>();

  private KneserNey(NgramCounts counts, KneserNeyOptions options) {
    int[][] suffixes = InterpolatedEstimate.suffixes(counts);
    estimate =
        new InterpolatedEstimate(counts, options, suffixes, adjustedCounts(counts, suffixes));
    for (int k = 1; k <= options.order(); k++) {
      discounts.add(
          Discounts.fromCountsOfCounts(k, estimate.countsOfCounts(k), options.fallback()));
    }
    discounts.forEach(estimate::interpolate);
  }

  /**
   * @param counts of the order that the options ask for
   * @throws WordmillException BAD_INPUT when there is no text, or it gives no discounts
   */
  public static KneserNey estimate(NgramCounts counts, KneserNeyOptions options) {
    InterpolatedEstimate.check(counts, options);
    return new KneserNey(counts, options);
  }

  /** The discounts of an order, 1..N. */
  public Discounts discounts(int ofOrder) {
    return discounts.get(ofOrder - 1);
  }

  /** p(last word | the words before), in the order of the n-gram; 0 when it is not in the model. */
  public double probability(int... ngram) {
    return estimate.probability(ngram);
  }

  /** The back-off weight gamma of a context of at most N-1 words; 1 when nothing follows it. */
  public double gamma(int... context) {
    return estimate.gamma(context);
  }

  /** The estimate as a table of 32-bit log10 values, without the n-grams that were pruned. */
  public BackoffModel toModel() {
    return estimate.toModel();
  }

  @Override
  public Explanation explain(int[] history, int token) {
    return new KneserNeyExplanation(this).explain(history, token);
  }

  NgramCounts counts() {
    return estimate.counts();
  }

  KneserNeyOptions options() {
    return estimate.options();
  }

  /** The adjusted count of an n-gram by its number in its order. */
  long adjusted(int ofOrder, int index) {
    return estimate.used(ofOrder, index);
  }

  /** The number of an n-gram in its order, pruned ones too, or {@link NgramLevel#NONE}. */
  int index(int... ngram) {
    return estimate.find(ngram);
  }

  /** Whether an n-gram is counted but not in the model. */
  boolean pruned(int ofOrder, int index) {
    return estimate.isPruned(ofOrder, index);
  }

  /**
   * log10 of a probability or back-off weight as an ARPA file keeps it: not above 0, where rounding
   * could bring it, and -99 for 0.
   */
  public static float log10(double probability) {
    return (float) Math.max(LOG10_ZERO, Math.min(0, Math.log10(probability)));
  }

  private static long[][] adjustedCounts(NgramCounts counts, int[][] suffixes) {
    int order = counts.order();
    NgramLevel[] levels = counts.levels();
    long[][] adjusted = new long[order][];
    BitSet[] atBegin = new BitSet[order];
    for (int k = 1; k <= order; k++) {
      int size = counts.size(k);
      adjusted[k - 1] = new long[size];
      atBegin[k - 1] = new BitSet(size);
      for (int i = 0; i < size; i++) {
        boolean begins =
            k == 1 ? i == counts.vocabulary().begin() : atBegin[k - 2].get(levels[k - 2].prefix(i));
        atBegin[k - 1].set(i, begins);
        adjusted[k - 1][i] = k == order || begins ? counts.countAt(k, i) : 0;
      }
    }
    for (int k = 2; k <= order; k++) {
      for (int suffix : suffixes[k - 1]) {
        if (!atBegin[k - 2].get(suffix)) {
          adjusted[k - 2][suffix]++;
        }
      }
    }
    adjusted[0][counts.vocabulary().begin()] = 0;
    adjusted[0][counts.vocabulary().unknown()] = 0;
    return adjusted;
  }
}
