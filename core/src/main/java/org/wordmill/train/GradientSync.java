package org.wordmill.train;

import org.wordmill.optim.Optimizer;

/**
 * Who computes the gradients of a step's partitions, and adds them up. All ways give the same
 * numbers: the partitions are those of {@link Batching}, each the pure function {@link
 * TrainingStep}, and their gradients are added in the order of the partitions.
 *
 * <p>An instance is bound to the parameter and gradient vectors of one run.
 */
public interface GradientSync extends WorkerSync {

  /**
   * Has the gradients of one step's batch computed and added up, for {@link #update}. The sum lies
   * in the run's gradient vector, unless the way of synchronising leaves it with those who have
   * taken it.
   *
   * @param step counted from 0
   */
  StepSum gradient(long step);

  /** Applies the optimizer's update, with the sum of {@link #gradient}, to the run's parameters. */
  default void update(Optimizer optimizer, double gradientScale, double rate) {
    optimizer.update(gradientScale, rate);
  }

  /**
   * @param sum of loss and tokens of the whole batch
   * @param squaredNorm the sum of the squares of the gradient, as {@link VectorBlocks} takes it
   * @param gradientSeconds what the slowest partition spent computing; the rest of the step's time
   *     is synchronisation
   * @param inputSeconds of these, the most that a worker, or a partition's task, spent in getting
   *     its tokens
   */
  record StepSum(BatchSum sum, double squaredNorm, double gradientSeconds, double inputSeconds) {}
}
