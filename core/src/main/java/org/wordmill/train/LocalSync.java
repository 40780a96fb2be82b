package org.wordmill.train;

import java.util.ArrayList;
import java.util.List;
import org.wordmill.kernel.Tensor;
import org.wordmill.optim.Optimizer;
import org.wordmill.tape.ParameterLayout;

/**
 * One thread computes every partition, one after the other, straight on the run's vectors. This is
 * the reference that all other ways must agree with.
 */
public final class LocalSync implements GradientSync {
  private final TrainingState state;
  private final ModelWorkspace workspace;
  private final TrainingStep trainingStep;
  private final EvaluationStep evaluationStep;
  private final int partitions;
  private final VectorBlocks total;
  private final List<HeldBack> heldBack = new ArrayList<>();
  private double inputSeconds;

  public LocalSync(TrainingState state, Tokens training, Tokens validation) {
    this(state, List.of(training), validation);
  }

  /**
   * @param training the texts of the configuration's mix; without one, a single corpus
   */
  public LocalSync(TrainingState state, List<Tokens> training, Tokens validation) {
    TrainingConfig config = state.config();
    this.state = state;
    this.partitions = config.batching().partitions();
    this.total = new VectorBlocks(state.gradients().flat());
    this.workspace =
        new ModelWorkspace(
            state.model(), state.kernels(), config.recompute(), state.values(), state.gradients());
    this.trainingStep = new TrainingStep(Examples.training(config, training), config);
    this.evaluationStep =
        new EvaluationStep(
            Examples.of(config, validation),
            config.batching(),
            config.schedule().evaluationBatches());
    for (int i = 0; i < partitions && config.topK().isPresent(); i++) {
      heldBack.add(new HeldBack(config.topK(), state.kernels(), state.values().layout().size()));
    }
  }

  @Override
  public String name() {
    return "local";
  }

  @Override
  public StepSum gradient(long step) {
    long begin = System.nanoTime();
    inputSeconds = 0;
    BatchSum sum = compute(step, 0);
    if (partitions > 1) {
      sum = sum.plus(addFurtherPartitions(step));
    }
    double seconds = (System.nanoTime() - begin) * 1e-9;
    return new StepSum(sum, total.sumOfSquares(state.kernels()), seconds, inputSeconds);
  }

  private BatchSum compute(long step, int partition) {
    BatchSum sum = trainingStep.run(workspace, step, partition);
    inputSeconds += workspace.inputSeconds();
    if (!heldBack.isEmpty()) {
      heldBack.get(partition).select(step, workspace.gradients().flat());
    }
    return sum;
  }

  private BatchSum addFurtherPartitions(long step) {
    ParameterLayout layout = state.values().layout();
    Tensor gradient = workspace.gradients().flat();
    Tensor total = state.kernels().zeros(Math.toIntExact(layout.size()));
    total.copyFrom(gradient);
    BatchSum sum = BatchSum.ZERO;
    for (int partition = 1; partition < partitions; partition++) {
      sum = sum.plus(compute(step, partition));
      state.kernels().addScaled(gradient, 1, total);
    }
    gradient.copyFrom(total);
    return sum;
  }

  @Override
  public void update(Optimizer optimizer, double gradientScale, double rate) {
    optimizer.update(gradientScale, rate);
    heldBack.forEach(HeldBack::commit);
  }

  @Override
  public BatchSum validate(long step) {
    BatchSum sum = BatchSum.ZERO;
    for (int partition = 0; partition < partitions; partition++) {
      sum = sum.plus(evaluationStep.run(workspace, partition));
    }
    return sum;
  }

  @Override
  public void close() {}
}
