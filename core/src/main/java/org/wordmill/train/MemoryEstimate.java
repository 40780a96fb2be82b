package org.wordmill.train;

import org.wordmill.kernel.Kernels;
import org.wordmill.kernel.Precision;
import org.wordmill.model.TrainableModel;

/**
 * The bytes that tensors of a training run will take, known before there is any: vectors from the
 * number of parameters, the rest from a rehearsal of a step. What kernels need for themselves is
 * not counted: a few blocks of rows, and in bfloat16 the rounded factors of the largest product.
 *
 * @param parameters of the model
 * @param gradients of the parameters
 * @param moments the optimizer's state
 * @param activations values and their gradients in one micro-batch, forward and backward
 * @param velocity of the outer step; 0 where it has no momentum
 * @param heldBack of the gradients of one partition; 0 where all elements are sent
 * @param taskMoments what a task has of the optimizer's state; 0 where it makes no local steps
 */
public record MemoryEstimate(
    long parameters,
    long gradients,
    long moments,
    long activations,
    long velocity,
    long heldBack,
    long taskMoments) {

  /** For a configuration with the tokenizer's vocabulary. */
  public static MemoryEstimate of(TrainingConfig config) {
    return of(config, config.kernels().create(Precision.FLOAT));
  }

  static MemoryEstimate of(TrainingConfig config, Kernels kernels) {
    TrainableModel model = config.model().build();
    long vector = model.layout().size() * kernels.precision().bytes();
    long moments = vector * config.optimization().rule().stateNames().size();
    return new MemoryEstimate(
        vector,
        vector,
        moments,
        ModelWorkspace.trainingPlan(
                model,
                kernels,
                config.recompute(),
                config.batching().microBatch(),
                config.model().contextLength())
            .bytes(),
        config.outer().hasMomentum() ? vector : 0,
        config.topK().isPresent() ? HeldBack.VECTORS * vector : 0,
        config.outer().isPresent() ? moments : 0);
  }

  /**
   * What the process takes that holds the run's state: parameters, gradients, moments, velocity.
   */
  public long state() {
    return parameters + gradients + moments + velocity;
  }

  /** What a task takes that computes the gradients of one partition, beside the run's state. */
  public long task() {
    return parameters + gradients + heldBack + taskMoments + activations;
  }

  /** What one process takes that keeps the state and computes the gradients too. */
  public long alone(int partitions) {
    return state() + activations + partitions * heldBack;
  }
}
