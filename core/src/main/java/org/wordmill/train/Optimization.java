package org.wordmill.train;

import java.io.Serializable;
import org.wordmill.optim.GradientClipping;
import org.wordmill.optim.LearningRate;
import org.wordmill.optim.UpdateRule;

/**
 * How the mean gradient of a batch becomes an update.
 *
 * @param nonFiniteLimit steps in a row whose loss or gradient is not finite, and which are skipped,
 *     before training stops as diverged
 */
public record Optimization(
    UpdateRule rule, LearningRate learningRate, GradientClipping clipping, int nonFiniteLimit)
    implements Serializable {

  /** The usual limit of skipped steps. */
  public static final int NON_FINITE_LIMIT = 5;

  public Optimization {
    if (nonFiniteLimit < 1) {
      throw new IllegalArgumentException(
          "the limit of steps that are not finite must be at least 1, got " + nonFiniteLimit);
    }
  }
}
