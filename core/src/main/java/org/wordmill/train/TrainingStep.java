package org.wordmill.train;

import org.wordmill.kernel.Ids;

/**
 * The gradient of one part of one step's batch, as a pure function of (parameters, corpus, seed,
 * step, partition): the single-process loop and a Spark task run the same code, and a task that is
 * run again, or twice, gives the same bits.
 */
public final class TrainingStep {
  private static final int DROPOUT = 3;

  private final Tokens corpus;
  private final BatchPlan plan;
  private final Batching batching;
  private final int contextLength;
  private final long seed;

  public TrainingStep(Tokens corpus, int contextLength, Batching batching, long seed) {
    this.corpus = corpus;
    this.contextLength = contextLength;
    this.batching = batching;
    this.seed = seed;
    this.plan = new BatchPlan(corpus.size(), contextLength, batching.sequences(), seed);
  }

  public BatchPlan plan() {
    return plan;
  }

  /**
   * Runs the micro-batches of one partition forward and backward, with the parameters that {@code
   * workspace} holds, and leaves the sum of their gradients there.
   *
   * @param step counted from 0
   */
  public BatchSum run(ModelWorkspace workspace, long step, int partition) {
    workspace.gradients().flat().fill(0);
    BatchSum sum = BatchSum.ZERO;
    int end = batching.firstMicroBatch(partition + 1);
    for (int i = batching.firstMicroBatch(partition); i < end; i++) {
      sum = sum.plus(runMicroBatch(workspace, step, i));
    }
    return sum;
  }

  private BatchSum runMicroBatch(ModelWorkspace workspace, long step, int microBatch) {
    int size = batching.microBatch();
    Windows windows = new Windows(size, contextLength);
    for (int i = 0; i < size; i++) {
      windows.put(corpus, plan.start(step, microBatch * size + i), i);
    }
    Ids targets = windows.targets();
    double loss =
        workspace.train(windows.inputs(), targets, Seeds.mix(seed, DROPOUT, step, microBatch));
    return new BatchSum(loss, targets.counted());
  }
}
