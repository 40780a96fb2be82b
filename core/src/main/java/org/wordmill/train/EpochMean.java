package org.wordmill.train;

import java.util.Optional;

/** The mean loss of an epoch, gathered step by step. Not thread-safe. */
final class EpochMean {
  private final long windows;
  private final long sequences;
  private double lossSum;
  private long tokens;
  private boolean whole;

  /**
   * @param windows of one epoch
   * @param sequences windows of one step
   * @param step the steps made before
   */
  EpochMean(long windows, long sequences, long step) {
    this.windows = windows;
    this.sequences = sequences;
    this.whole = Math.multiplyExact(step, sequences) % windows == 0;
  }

  /**
   * Adds a step.
   *
   * @param step the steps made, this one included
   * @return the epoch that ended with it, if one did; of several, the last
   */
  Optional<EpochMetrics> add(long step, BatchSum sum) {
    // A step that is not finite made no update, and would hide all others.
    if (Double.isFinite(sum.meanLoss())) {
      lossSum += sum.meanLoss() * sum.tokens();
      tokens += sum.tokens();
    }
    long epoch = Math.multiplyExact(step, sequences) / windows;
    if (epoch == Math.multiplyExact(step - 1, sequences) / windows) {
      return Optional.empty();
    }
    EpochMetrics metrics = new EpochMetrics(epoch, step, lossSum / tokens, tokens, whole);
    lossSum = 0;
    tokens = 0;
    whole = true;
    return Optional.of(metrics);
  }
}
