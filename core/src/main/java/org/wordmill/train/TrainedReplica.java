package org.wordmill.train;

import java.util.List;

/**
 * What is known of a replica at the end of a round, beside the vectors that it has come to.
 *
 * @param replica the partition of the batch that it learns
 * @param steps those of the round, in order
 * @param updates that its optimizer has made since the beginning of the run
 * @param seconds spent computing
 */
public record TrainedReplica(int replica, List<LocalStep> steps, long updates, double seconds) {

  public TrainedReplica {
    steps = List.copyOf(steps);
  }

  /** The targets trained on in the round. */
  long tokens() {
    return steps.stream().mapToLong(step -> step.sum().tokens()).sum();
  }
}
