package org.wordmill.train;

import java.util.List;
import org.wordmill.kernel.Tensor;

/**
 * The outer step: what the replicas of a round have come to, averaged in the order of the
 * partitions in double precision, into the state of the run.
 */
public final class RoundMean {
  /** Elements that are averaged at once: 32 MiB of each replica in turn. */
  public static final int PIECE = 1 << 23;

  private final TrainingState state;

  /**
   * @param state whose gradients will hold the difference of a round
   */
  public RoundMean(TrainingState state) {
    this.state = state;
    if (!state.config().outer().isPlain()) {
      // What has no room is to be refused before the first round.
      state.gradients();
    }
  }

  /**
   * Makes the step.
   *
   * @param replicas all of the round, in the order of the partitions
   * @param values of them
   */
  public void apply(List<TrainedReplica> replicas, ReplicaVectors values) {
    double[] weights = weights(replicas);
    List<Tensor> vectors = List.copyOf(state.replicated().values());
    for (int i = 0; i < vectors.size(); i++) {
      boolean outer = i == 0 && !state.config().outer().isPlain();
      average(values, i, weights, vectors.get(i), outer);
      if (outer) {
        state.updateOuter();
      }
    }
    state
        .optimizer()
        .resumeAfter(replicas.stream().mapToLong(TrainedReplica::updates).max().orElseThrow());
  }

  /** The targets of each replica, divided by their sum. */
  private static double[] weights(List<TrainedReplica> replicas) {
    double sum = replicas.stream().mapToLong(TrainedReplica::tokens).sum();
    return replicas.stream().mapToDouble(replica -> replica.tokens() / sum).toArray();
  }

  /**
   * Takes the mean of a vector.
   *
   * @param difference whether to leave in the run's gradient how far it lies below {@code target};
   *     else it becomes {@code target}
   */
  private void average(
      ReplicaVectors values, int vector, double[] weights, Tensor target, boolean difference) {
    int size = Math.toIntExact(target.size());
    for (int at = 0; at < size; at += PIECE) {
      int length = Math.min(PIECE, size - at);
      double[] mean = mean(values, vector, weights, at, length);
      Tensor part = target.view(at, length);
      if (difference) {
        double[] before = part.toDoubles();
        for (int i = 0; i < length; i++) {
          mean[i] = before[i] - mean[i];
        }
        part = state.gradients().flat().view(at, length);
      }
      part.copyFrom(mean);
    }
  }

  private static double[] mean(
      ReplicaVectors values, int vector, double[] weights, int from, int length) {
    double[] mean = new double[length];
    float[] replica = new float[length];
    for (int r = 0; r < weights.length; r++) {
      values.read(r, vector, from, replica);
      for (int i = 0; i < length; i++) {
        mean[i] += weights[r] * replica[i];
      }
    }
    return mean;
  }
}
