package org.wordmill.trainer;

import org.wordmill.train.BatchSum;

/**
 * What a task returns: the sums over one partition of a batch.
 *
 * <p>The gradient is the sum over the partition's targets, empty after an evaluation. A plain
 * class, because Kryo cannot write the fields of a record.
 */
final class PartialSum {
  private final double loss;
  private final long tokens;
  private final double seconds;
  private final float[] gradient;

  /**
   * @param seconds the task spent computing
   * @param gradient not copied
   */
  PartialSum(BatchSum sum, double seconds, float[] gradient) {
    this(sum.loss(), sum.tokens(), seconds, gradient);
  }

  PartialSum(double loss, long tokens, double seconds, float[] gradient) {
    this.loss = loss;
    this.tokens = tokens;
    this.seconds = seconds;
    this.gradient = gradient;
  }

  double loss() {
    return loss;
  }

  long tokens() {
    return tokens;
  }

  BatchSum sum() {
    return new BatchSum(loss, tokens);
  }

  double seconds() {
    return seconds;
  }

  float[] gradient() {
    return gradient;
  }
}
