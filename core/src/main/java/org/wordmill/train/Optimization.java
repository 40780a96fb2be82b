package org.wordmill.train;

import java.io.Serializable;
import org.wordmill.format.json.Default;
import org.wordmill.optim.GradientClipping;
import org.wordmill.optim.LearningRate;
import org.wordmill.optim.UpdateRule;

/**
 * How the mean gradient of a batch becomes an update.
 *
 * @param nonFiniteLimit steps in a row that are skipped, because their loss or gradient is not
 *     finite or an outlier, before training stops as diverged
 * @param spikeThreshold a step is an outlier, and is skipped, when its loss or the norm of its
 *     gradient is more than so many standard deviations above the mean of the last 128 updates; 0,
 *     the default, finds no outliers
 */
public record Optimization(
    UpdateRule rule,
    LearningRate learningRate,
    GradientClipping clipping,
    int nonFiniteLimit,
    @Default("0") double spikeThreshold)
    implements Serializable {

  /** The usual limit of skipped steps. */
  public static final int NON_FINITE_LIMIT = 5;

  public Optimization {
    if (nonFiniteLimit < 1) {
      throw new IllegalArgumentException(
          "the limit of steps that are not finite must be at least 1, got " + nonFiniteLimit);
    }
    if (!(spikeThreshold >= 0) || Double.isInfinite(spikeThreshold)) {
      throw new IllegalArgumentException(
          "the threshold of outliers is a number of standard deviations, or 0 for none, got "
              + spikeThreshold);
    }
  }

  /** No step is an outlier. */
  public Optimization(
      UpdateRule rule, LearningRate learningRate, GradientClipping clipping, int nonFiniteLimit) {
    this(rule, learningRate, clipping, nonFiniteLimit, 0);
  }
}
