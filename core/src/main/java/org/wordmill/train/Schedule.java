package org.wordmill.train;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import org.wordmill.error.ExitCode;
import org.wordmill.error.WordmillException;

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

  /**
   * Checks that evaluations, checkpoints and the end come after whole stretches of steps only.
   *
   * @param length of a stretch
   * @param reason for the message, as are {@code setting}, which says the length, and {@code
   *     otherwise}, what else could be changed
   * @throws WordmillException USAGE when they do not
   */
  void requireMultiplesOf(int length, String reason, String setting, String otherwise) {
    List<String> found = new ArrayList<>();
    List<String> better = new ArrayList<>();
    compare("schedule.steps", steps, length, found, better);
    compare("schedule.evaluation_interval", evaluationInterval, length, found, better);
    compare("schedule.checkpoint_interval", checkpointInterval, length, found, better);
    if (!found.isEmpty()) {
      throw new WordmillException(
          ExitCode.USAGE,
          reason,
          setting + ", " + String.join(", ", found),
          "set " + String.join(", ", better) + ", or " + otherwise);
    }
  }

  /** Notes a number of steps that are no whole stretches, and the next one that are. */
  private static void compare(
      String name, long number, int length, List<String> found, List<String> better) {
    if (number % length != 0) {
      found.add(name + " = " + number);
      better.add(name + "=" + (number + length - 1) / length * length);
    }
  }
}
