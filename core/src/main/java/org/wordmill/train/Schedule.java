package org.wordmill.train;

import java.io.Serializable;

/**
 * When what happens, in steps. None of it changes the numbers of a step, so it may differ when a
 * run is resumed.
 *
 * @param steps of the whole run
 * @param logInterval a line of metrics every so many steps
 * @param evaluationInterval a validation loss every so many steps, and at the end; 0 for never
 * @param evaluationBatches micro-batches of one evaluation, spread evenly over the validation text;
 *     0 for all of it
 * @param checkpointInterval a checkpoint every so many steps, besides the one at the end and the
 *     one at every improvement of the validation loss; 0 for those only
 * @param keepLast how many checkpoints stay, besides the best
 */
public record Schedule(
    long steps,
    long logInterval,
    long evaluationInterval,
    int evaluationBatches,
    long checkpointInterval,
    int keepLast)
    implements Serializable {

  public Schedule {
    if (steps < 1 || logInterval < 1) {
      throw new IllegalArgumentException(
          "steps and log interval must be at least 1, got " + steps + " and " + logInterval);
    }
    if (evaluationInterval < 0 || evaluationBatches < 0 || checkpointInterval < 0) {
      throw new IllegalArgumentException("intervals and evaluation batches must not be negative");
    }
    if (keepLast < 2) {
      throw new IllegalArgumentException(
          "at least 2 checkpoints must be kept, so that a damaged one can be done without; got "
              + keepLast);
    }
  }

  boolean logsAt(long step) {
    return step % logInterval == 0 || step == steps;
  }

  boolean evaluatesAt(long step) {
    return evaluationInterval > 0 && (step % evaluationInterval == 0 || step == steps);
  }

  boolean savesAt(long step) {
    return step == steps || (checkpointInterval > 0 && step % checkpointInterval == 0);
  }
}
