package org.wordmill.train;

import java.util.List;

/**
 * What a replica has come to at the end of a round.
 *
 * @param replica the partition of the batch that it learns
 * @param steps those of the round, in order
 * @param updates that its optimizer has made since the beginning of the run
 * @param seconds spent computing
 * @param vectors the parameters, and the optimizer's state by {@link
 *     org.wordmill.optim.UpdateRule#stateNames}, each in an array of its own
 */
public record TrainedReplica(
    int replica, List<LocalStep> steps, long updates, double seconds, List<float[]> vectors) {

  public TrainedReplica {
    steps = List.copyOf(steps);
    vectors = List.copyOf(vectors);
  }

  /** The targets trained on in the round. */
  long tokens() {
    return steps.stream().mapToLong(step -> step.sum().tokens()).sum();
  }
}
