package org.wordmill.train;

import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.wordmill.kernel.Kernels;
import org.wordmill.kernel.Precision;
import org.wordmill.kernel.Tensor;
import org.wordmill.optim.Optimizer;
import org.wordmill.tape.ParameterVector;
import org.wordmill.tape.TapeWatch;

/**
 * Data-parallel training in the memory of one process: every worker reads the run's parameters
 * where they lie and computes the gradients of its partitions; then the workers share out the
 * vector in blocks and each adds up, and later updates, its own blocks. Nothing is copied from
 * worker to worker.
 *
 * <p>Partitions are added in their order, so the bits are those of {@link LocalSync}. Memory: one
 * gradient vector for each partition, and one more for each worker that has several; and what
 * {@link HeldBack} takes for each partition where it is used.
 */
public final class TeamSync implements GradientSync {
  private final TrainingState state;
  private final WorkerTeam team;
  private final TrainingStep trainingStep;
  private final EvaluationStep evaluationStep;
  private final int partitions;
  private final @Nullable Member[] members;
  private final @Nullable VectorBlocks[] gradients;
  private final @Nullable HeldBack[] heldBack;
  private final BatchSum[] sums;
  private final double[] seconds;
  private final double[] inputSeconds;
  private final VectorBlocks total;
  private final double[] squares;

  /** What a worker keeps from step to step. */
  private record Member(Kernels kernels, ModelWorkspace workspace) {}

  /**
   * @param team at most as many workers as the run has partitions
   */
  public TeamSync(
      TrainingState state,
      TrainingStep trainingStep,
      EvaluationStep evaluationStep,
      WorkerTeam team) {
    this.state = state;
    this.team = team;
    this.trainingStep = trainingStep;
    this.evaluationStep = evaluationStep;
    this.partitions = state.config().batching().partitions();
    if (team.size() > partitions) {
      throw new IllegalArgumentException(
          team.size() + " workers have nothing to do in " + partitions + " partitions");
    }
    this.members = new Member[team.size()];
    this.gradients = new VectorBlocks[partitions];
    this.heldBack = new HeldBack[partitions];
    this.sums = new BatchSum[partitions];
    this.seconds = new double[team.size()];
    this.inputSeconds = new double[team.size()];
    this.total = new VectorBlocks(state.gradients().flat());
    this.squares = new double[total.count()];
  }

  /** Tells each worker's listener from the next step on how long the calls of its tape take. */
  void watch(List<? extends TapeWatch> listeners) {
    team.run(true, worker -> member(worker).workspace().watch(listeners.get(worker)));
  }

  @Override
  public String name() {
    return "shared memory, " + team.size() + (team.size() == 1 ? " worker" : " workers");
  }

  @Override
  public StepSum gradient(long step) {
    team.run(true, worker -> computeGradients(worker, step));
    team.run(false, this::addUp);
    double norm = 0;
    for (double square : squares) {
      norm += square;
    }
    return new StepSum(
        sum(),
        norm,
        Arrays.stream(seconds).max().orElse(0),
        Arrays.stream(inputSeconds).max().orElse(0));
  }

  private void computeGradients(int worker, long step) {
    long begin = System.nanoTime();
    ModelWorkspace workspace = member(worker).workspace();
    int end = firstPartition(worker + 1);
    boolean several = end - firstPartition(worker) > 1;
    inputSeconds[worker] = 0;
    for (int p = firstPartition(worker); p < end; p++) {
      sums[p] = trainingStep.run(workspace, step, p);
      inputSeconds[worker] += workspace.inputSeconds();
      Tensor gradient = workspace.gradients().flat();
      if (state.config().topK().isPresent()) {
        heldBack(p, member(worker).kernels()).select(step, gradient);
      }
      if (several) {
        keep(p, gradient);
      } else if (gradients[p] == null) {
        gradients[p] = new VectorBlocks(gradient);
      }
    }
    seconds[worker] = (System.nanoTime() - begin) * 1e-9;
  }

  private HeldBack heldBack(int partition, Kernels kernels) {
    HeldBack held = heldBack[partition];
    if (held == null) {
      held = new HeldBack(state.config().topK(), kernels, state.model().layout().size());
      heldBack[partition] = held;
    }
    return held;
  }

  /** Copies the gradient of a partition, because the worker's next one overwrites it. */
  private void keep(int partition, Tensor gradient) {
    VectorBlocks kept = gradients[partition];
    if (kept == null) {
      kept = new VectorBlocks(new ParameterVector(state.model().layout(), state.kernels()).flat());
      gradients[partition] = kept;
    }
    VectorBlocks blocks = new VectorBlocks(gradient);
    for (int i = 0; i < kept.count(); i++) {
      kept.block(i).copyFrom(blocks.block(i));
    }
  }

  private void addUp(int worker) {
    Kernels kernels = member(worker).kernels();
    int end = firstBlock(worker + 1);
    for (int i = firstBlock(worker); i < end; i++) {
      Tensor sum = total.block(i);
      if (partitions == 1) {
        kernels.copy(block(0, i), sum, false);
      } else {
        kernels.add(block(0, i), block(1, i), sum);
      }
      for (int p = 2; p < partitions; p++) {
        kernels.addScaled(block(p, i), 1, sum);
      }
      squares[i] = kernels.sumOfSquares(sum);
    }
  }

  private Tensor block(int partition, int i) {
    VectorBlocks blocks = gradients[partition];
    if (blocks == null) {
      throw new IllegalStateException("partition " + partition + " has no gradient yet");
    }
    return blocks.block(i);
  }

  @Override
  public void update(Optimizer optimizer, double gradientScale, double rate) {
    optimizer.begin();
    int pieces = optimizer.pieces();
    team.run(
        false,
        worker ->
            optimizer.apply(
                member(worker).kernels(),
                share(pieces, worker),
                share(pieces, worker + 1),
                gradientScale,
                rate));
    for (HeldBack held : heldBack) {
      if (held != null) {
        held.commit();
      }
    }
  }

  @Override
  public BatchSum validate(long step) {
    team.run(
        true,
        worker -> {
          ModelWorkspace workspace = member(worker).workspace();
          int end = firstPartition(worker + 1);
          for (int p = firstPartition(worker); p < end; p++) {
            sums[p] = evaluationStep.run(workspace, p);
          }
        });
    return sum();
  }

  private BatchSum sum() {
    BatchSum sum = BatchSum.ZERO;
    for (BatchSum part : sums) {
      sum = sum.plus(part);
    }
    return sum;
  }

  private int firstPartition(int worker) {
    return share(partitions, worker);
  }

  private int firstBlock(int worker) {
    return share(total.count(), worker);
  }

  private int share(int count, int worker) {
    return (int) ((long) count * worker / team.size());
  }

  /** Made on the worker's own thread, which then finds it warm in its caches. */
  private Member member(int worker) {
    Member member = members[worker];
    if (member == null) {
      Kernels kernels = state.config().kernels().create(Precision.FLOAT);
      ParameterVector gradient = new ParameterVector(state.model().layout(), kernels);
      member =
          new Member(
              kernels,
              new ModelWorkspace(
                  state.model(), kernels, state.config().recompute(), state.values(), gradient));
      members[worker] = member;
    }
    member.workspace().enter();
    return member;
  }

  @Override
  public void close() {
    team.dismiss();
  }
}
