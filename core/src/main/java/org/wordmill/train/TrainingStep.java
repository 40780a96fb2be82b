package org.wordmill.train;

/**
 * The gradient of one part of one step's batch, as a pure function of (parameters, corpus, seed,
 * step, partition): the single-process loop and a Spark task run the same code, and a task that is
 * run again, or twice, gives the same bits.
 */
public final class TrainingStep {
  private static final int DROPOUT = 3;
  private static final int ROUNDING = 7;

  private final Examples examples;
  private final Batching batching;
  private final GradientPrecision precision;
  private final long seed;

  /** Of windows of a text. */
  public TrainingStep(Tokens corpus, int contextLength, Batching batching, long seed) {
    this(new WindowExamples(corpus, contextLength, batching.sequences(), seed), batching, seed);
  }

  /** Of gradients that are not rounded. */
  public TrainingStep(Examples examples, Batching batching, long seed) {
    this(examples, batching, GradientPrecision.FLOAT, seed);
  }

  /** As a configuration wants it. */
  public TrainingStep(Examples examples, TrainingConfig config) {
    this(examples, config.batching(), config.gradients(), config.seed());
  }

  private TrainingStep(
      Examples examples, Batching batching, GradientPrecision precision, long seed) {
    this.examples = examples;
    this.batching = batching;
    this.precision = precision;
    this.seed = seed;
  }

  /**
   * Runs the micro-batches of one partition forward and backward, with the parameters that {@code
   * workspace} holds, and leaves the sum of their gradients there, rounded as the configuration
   * wants it.
   *
   * @param step counted from 0
   */
  public BatchSum run(ModelWorkspace workspace, long step, int partition) {
    workspace.gradients().flat().fill(0);
    BatchSum sum = BatchSum.ZERO;
    int size = batching.microBatch();
    int end = batching.firstMicroBatch(partition + 1);
    long inputNanos = 0;
    for (int i = batching.firstMicroBatch(partition); i < end; i++) {
      long begin = System.nanoTime();
      Examples.Batch batch = examples.training(step, i * size, size);
      inputNanos += System.nanoTime() - begin;
      sum = sum.plus(runMicroBatch(workspace, batch, step, i));
    }
    precision.round(workspace.gradients().flat(), Seeds.mix(seed, ROUNDING, step, partition));
    workspace.setInputNanos(inputNanos);
    return sum;
  }

  private BatchSum runMicroBatch(
      ModelWorkspace workspace, Examples.Batch batch, long step, int microBatch) {
    double loss =
        workspace.train(
            batch.inputs(), batch.targets(), Seeds.mix(seed, DROPOUT, step, microBatch));
    return new BatchSum(loss, batch.targets().counted());
  }
}
