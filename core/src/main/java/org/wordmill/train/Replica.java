package org.wordmill.train;

import java.util.ArrayList;
import java.util.List;
import org.wordmill.kernel.Tensor;
import org.wordmill.optim.Optimizer;

/**
 * A copy of the model at its local steps of one round: a pure function of (parameters, optimizer's
 * state, updates, corpus, seed, steps, partition), so that a task that is run again, or twice,
 * gives the same bits. The batches are those of all training: a replica takes the micro-batches of
 * its partition from the batch of every step, so no example is lost or doubled.
 *
 * <p>The gradient is clipped by its own norm, that of the partition; a step whose loss or gradient
 * is not finite makes no update.
 */
public final class Replica {
  private final ModelWorkspace workspace;
  private final TrainingStep trainingStep;
  private final Optimization optimization;
  private final Optimizer optimizer;
  private final int partition;
  private final long begin = System.nanoTime();
  private final List<LocalStep> steps = new ArrayList<>();

  /**
   * @param workspace this replica's until the end of the round
   * @param updates that the optimizer has made before
   */
  public Replica(
      ModelWorkspace workspace,
      TrainingStep trainingStep,
      Optimization optimization,
      int partition,
      long updates) {
    this.workspace = workspace;
    this.trainingStep = trainingStep;
    this.optimization = optimization;
    this.partition = partition;
    this.optimizer = workspace.optimizer(optimization.rule());
    optimizer.resumeAfter(updates);
  }

  /**
   * The parameters and the optimizer's state, to be filled before the first step, and what the
   * replica has come to after the last: those of {@link TrainingState#replicated}, in its order.
   */
  public List<Tensor> vectors() {
    List<Tensor> vectors = new ArrayList<>();
    vectors.add(workspace.values().flat());
    vectors.addAll(optimizer.state().values());
    return vectors;
  }

  /**
   * Makes one step.
   *
   * @param step counted from 0
   */
  public void step(long step) {
    BatchSum sum = trainingStep.run(workspace, step, partition);
    double norm = Math.sqrt(workspace.squaredNorm()) / sum.tokens();
    boolean finite = Double.isFinite(sum.meanLoss()) && Double.isFinite(norm);
    if (finite) {
      optimizer.update(
          optimization.clipping().factor(norm) / sum.tokens(),
          optimization.learningRate().at(step));
    }
    steps.add(new LocalStep(sum, norm, finite, workspace.inputSeconds()));
  }

  /** What is known of the steps. */
  public TrainedReplica result() {
    double seconds = (System.nanoTime() - begin) * 1e-9;
    return new TrainedReplica(partition, steps, optimizer.updates(), seconds);
  }
}
