package org.wordmill.train;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The mean loss of an epoch, gathered step by step. What an epoch that has begun has gathered is
 * part of a checkpoint, so a resumed run tells the mean of the whole epoch. Not thread-safe.
 */
final class EpochMean {
  private static final String LOSS_SUM = "epoch_loss_sum";
  private static final String TOKENS = "epoch_tokens";

  private double lossSum;
  private long tokens;

  /** Whether steps of this epoch were made that are not in the sums. */
  private boolean partial;

  /**
   * Adds a step.
   *
   * @param step the steps made, this one included
   * @param sequences windows of one step
   * @param windows of one epoch
   * @return the epoch that ended with it, if one did; of several, the last
   */
  Optional<EpochMetrics> add(long step, BatchSum sum, long sequences, long windows) {
    // A step that is not finite made no update, and would hide all others.
    if (Double.isFinite(sum.meanLoss())) {
      lossSum += sum.meanLoss() * sum.tokens();
      tokens += sum.tokens();
    }
    if (partial && Math.multiplyExact(step - 1, sequences) % windows == 0) {
      // The steps that are missing belong to an epoch before.
      partial = false;
    }
    long epoch = Math.multiplyExact(step, sequences) / windows;
    if (epoch == Math.multiplyExact(step - 1, sequences) / windows) {
      return Optional.empty();
    }
    EpochMetrics metrics = new EpochMetrics(epoch, step, lossSum / tokens, tokens, !partial);
    lossSum = 0;
    tokens = 0;
    partial = false;
    return Optional.of(metrics);
  }

  /**
   * What this epoch has gathered so far, as a checkpoint keeps it; nothing when that is partial.
   */
  Map<String, List<Double>> history() {
    return partial
        ? Map.of()
        : Map.of(LOSS_SUM, List.of(lossSum), TOKENS, List.of((double) tokens));
  }

  /** Goes on from a checkpoint; older ones do not have the sums of an epoch that has begun. */
  void restore(Map<String, List<Double>> history) {
    List<Double> sum = history.getOrDefault(LOSS_SUM, List.of());
    List<Double> count = history.getOrDefault(TOKENS, List.of());
    partial = sum.size() != 1 || count.size() != 1;
    lossSum = partial ? 0 : sum.get(0);
    tokens = partial ? 0 : count.get(0).longValue();
  }
}
