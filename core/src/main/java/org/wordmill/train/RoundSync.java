package org.wordmill.train;

import java.util.ArrayList;
import java.util.List;

/**
 * Who has the replicas of a run make their local steps, and brings them together, as {@link
 * OuterStep} says. All ways give the same numbers: each replica is the pure function {@link
 * Replica}, and means are taken in the order of the partitions.
 *
 * <p>An instance is bound to the vectors of one run.
 */
public interface RoundSync extends WorkerSync {

  /**
   * Has every replica make the steps of one round, from the run's state, which stays as it is until
   * {@link #update}.
   *
   * @param first the first of {@link OuterStep#localSteps} steps, counted from 0
   */
  Round train(long first);

  /** Makes the outer step of the round. */
  void update();

  /**
   * What is known of a round.
   *
   * @param steps those of all replicas together
   * @param seconds what the slowest replica spent computing
   */
  record Round(List<LocalStep> steps, double seconds) {

    /**
     * @param replicas in the order of the partitions
     */
    public static Round of(List<TrainedReplica> replicas) {
      List<LocalStep> steps = new ArrayList<>();
      for (int i = 0; i < replicas.get(0).steps().size(); i++) {
        int number = i;
        steps.add(together(replicas.stream().map(replica -> replica.steps().get(number)).toList()));
      }
      return new Round(
          List.copyOf(steps),
          replicas.stream().mapToDouble(TrainedReplica::seconds).max().orElse(0));
    }

    /** Of norms the mean, weighted as losses are; no update when one replica made none. */
    private static LocalStep together(List<LocalStep> same) {
      BatchSum sum = BatchSum.ZERO;
      double norms = 0;
      double inputSeconds = 0;
      for (LocalStep step : same) {
        sum = sum.plus(step.sum());
        norms += step.norm() * step.sum().tokens();
        inputSeconds = Math.max(inputSeconds, step.inputSeconds());
      }
      boolean finite = same.stream().allMatch(LocalStep::finite);
      return new LocalStep(sum, norms / sum.tokens(), finite, inputSeconds);
    }
  }
}
