package org.wordmill.train;

import org.wordmill.error.ExitCode;
import org.wordmill.error.WordmillException;

/**
 * The loss of a model on held-out examples, without dropout. Of text these are windows of T tokens
 * side by side, every token but the first being a target once, each seen with the tokens before it
 * in its window. Part of it is a pure function of (parameters, corpus, partition), as in {@link
 * TrainingStep}.
 */
public final class EvaluationStep {
  private final Examples examples;
  private final Batching batching;
  private final long groups;
  private final long groupsUsed;

  /**
   * Of windows of a text.
   *
   * @param batches how many micro-batches to evaluate, spread evenly over the corpus; 0 for all
   */
  public EvaluationStep(Tokens corpus, int contextLength, Batching batching, int batches) {
    this(new WindowExamples(corpus, contextLength, batching.sequences(), 0), batching, batches);
  }

  /**
   * @param batches how many micro-batches to evaluate, spread evenly over the corpus; 0 for all
   */
  public EvaluationStep(Examples examples, Batching batching, int batches) {
    this.examples = examples;
    this.batching = batching;
    this.groups = (examples.evaluated() + batching.microBatch() - 1) / batching.microBatch();
    this.groupsUsed = batches == 0 ? groups : Math.min(batches, groups);
  }

  /**
   * Checks that there is something to evaluate.
   *
   * @throws WordmillException BAD_INPUT when the schedule evaluates and there are fewer than two
   *     tokens
   */
  public static void requireTokens(long tokens, Schedule schedule) {
    if (schedule.evaluationInterval() > 0 && tokens < 2) {
      throw new WordmillException(
          ExitCode.BAD_INPUT,
          "a validation text of " + tokens + " tokens has no token to predict",
          "",
          "give more validation text, or set the evaluation interval to 0");
    }
  }

  /** The sums over the micro-batches of one partition. */
  public BatchSum run(ModelWorkspace workspace, int partition) {
    BatchSum sum = BatchSum.ZERO;
    long end = groupsUsed * (partition + 1) / batching.partitions();
    for (long i = groupsUsed * partition / batching.partitions(); i < end; i++) {
      sum = sum.plus(runMicroBatch(workspace, i * groups / groupsUsed));
    }
    return sum;
  }

  private BatchSum runMicroBatch(ModelWorkspace workspace, long group) {
    int size = batching.microBatch();
    Examples.Batch batch = examples.evaluation(group * size, size);
    return new BatchSum(
        workspace.evaluate(batch.inputs(), batch.targets()), batch.targets().counted());
  }
}
