package org.wordmill.ngram;

import java.util.Arrays;
import org.wordmill.error.WordmillException;
import org.wordmill.lm.Explainable;
import org.wordmill.lm.Explanation;

/**
 * The estimate of a {@link CountSmoothing} in memory, in doubles: the reference that the estimator
 * on a cluster must equal. Needs about 70 bytes for each n-gram.
 */
public final class SmoothedCounts implements Explainable {
  private final CountSmoothing smoothing;
  private final InterpolatedEstimate estimate;

  private SmoothedCounts(NgramCounts counts, KneserNeyOptions options, CountSmoothing smoothing) {
    this.smoothing = smoothing;
    estimate =
        new InterpolatedEstimate(
            counts,
            options,
            InterpolatedEstimate.suffixes(counts),
            smoothing.longestContextsOnly() ? longest(counts) : all(counts));
    for (int k = 1; k <= options.order(); k++) {
      estimate.interpolate(
          smoothing.weights(k, estimate.countsOfCounts(k), estimate.vocabularySize(), options));
    }
  }

  /**
   * @param counts of the order that the options ask for
   * @throws WordmillException BAD_INPUT when there is no text, or it gives no weights; USAGE when
   *     the options do not suit the smoothing
   */
  public static SmoothedCounts estimate(
      NgramCounts counts, KneserNeyOptions options, CountSmoothing smoothing) {
    smoothing.check(options);
    InterpolatedEstimate.check(counts, options);
    return new SmoothedCounts(counts, options, smoothing);
  }

  /** p(last word | the words before), in the order of the n-gram; 0 when it is not in the model. */
  public double probability(int... ngram) {
    return estimate.probability(ngram);
  }

  /** The back-off weight gamma of a context of at most N-1 words; 1 when nothing follows it. */
  public double gamma(int... context) {
    return estimate.gamma(context);
  }

  /**
   * p(token | history), whether the text has them together or not; the score under a smoothing that
   * is no distribution. 0 for {@code <s>} and for words that were pruned.
   */
  public double probability(int[] history, int token) {
    if (token == counts().vocabulary().begin()) {
      return 0;
    }
    int length = Math.min(history.length, counts().order() - 1);
    double weight = 1;
    for (int from = history.length - length; from < history.length; from++) {
      int[] h = Arrays.copyOfRange(history, from, history.length);
      if (has(h, token)) {
        return weight * estimate.probability(with(h, token));
      }
      weight *= estimate.gamma(h);
    }
    return weight * estimate.probability(token);
  }

  /** The estimate as a table of 32-bit log10 values, without the n-grams that were pruned. */
  public BackoffModel toModel() {
    return estimate.toModel();
  }

  @Override
  public Explanation explain(int[] history, int token) {
    return new SmoothedExplanation(this).explain(history, token);
  }

  CountSmoothing smoothing() {
    return smoothing;
  }

  NgramCounts counts() {
    return estimate.counts();
  }

  OrderWeights weights(int ofOrder) {
    return estimate.weights(ofOrder);
  }

  ContextSums sums(int... h) {
    return estimate.sums(h);
  }

  long vocabularySize() {
    return estimate.vocabularySize();
  }

  KneserNeyOptions options() {
    return estimate.options();
  }

  /** Whether the model has the n-gram of a context and a word. */
  boolean has(int[] h, int token) {
    int index = estimate.find(with(h, token));
    return index != NgramLevel.NONE && !estimate.isPruned(h.length + 1, index);
  }

  /** Whether the text has an n-gram that the model has not. */
  boolean isPruned(int... ngram) {
    int index = estimate.find(ngram);
    return index != NgramLevel.NONE && estimate.isPruned(ngram.length, index);
  }

  /** The count that the smoothing takes of an n-gram that the text has, pruned ones too. */
  long used(int[] h, int token) {
    int index = estimate.find(with(h, token));
    return index == NgramLevel.NONE ? 0 : estimate.used(h.length + 1, index);
  }

  static int[] with(int[] h, int token) {
    int[] ngram = Arrays.copyOf(h, h.length + 1);
    ngram[h.length] = token;
    return ngram;
  }

  private static long[][] all(NgramCounts counts) {
    long[][] used = new long[counts.order()][];
    for (int k = 1; k <= counts.order(); k++) {
      int ofOrder = k;
      used[k - 1] = new long[counts.size(k)];
      Arrays.setAll(used[k - 1], i -> counts.countAt(ofOrder, i));
    }
    used[0][counts.vocabulary().begin()] = 0;
    return used;
  }

  /** The counts of order N, and of what begins with {@code <s>}; 0 for all others. */
  private static long[][] longest(NgramCounts counts) {
    long[][] used = all(counts);
    boolean[] begins = new boolean[counts.size(1)];
    begins[counts.vocabulary().begin()] = true;
    for (int k = 1; k < counts.order(); k++) {
      NgramLevel level = counts.levels()[k - 1];
      for (int i = 0; i < begins.length; i++) {
        used[k - 1][i] = begins[i] ? used[k - 1][i] : 0;
      }
      boolean[] next = new boolean[level.size()];
      for (int i = 0; i < next.length; i++) {
        next[i] = begins[level.prefix(i)];
      }
      begins = next;
    }
    return used;
  }
}
