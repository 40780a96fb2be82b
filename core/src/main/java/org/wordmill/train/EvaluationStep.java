package org.wordmill.train;

import org.wordmill.error.ExitCode;
import org.wordmill.error.WordmillException;
import org.wordmill.kernel.Ids;

/**
 * The loss of a model on held-out tokens, without dropout: windows of T tokens side by side, every
 * token but the first being a target once, each seen with the tokens before it in its window. Part
 * of it is a pure function of (parameters, corpus, partition), as in {@link TrainingStep}.
 */
public final class EvaluationStep {
  private final Tokens corpus;
  private final int contextLength;
  private final Batching batching;
  private final long windows;
  private final long groups;
  private final long groupsUsed;

  /**
   * @param batches how many micro-batches to evaluate, spread evenly over the corpus; 0 for all
   */
  public EvaluationStep(Tokens corpus, int contextLength, Batching batching, int batches) {
    this.corpus = corpus;
    this.contextLength = contextLength;
    this.batching = batching;
    this.windows = Math.max(0, corpus.size() - 1 + contextLength - 1) / contextLength;
    this.groups = (windows + batching.microBatch() - 1) / batching.microBatch();
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
    Windows filled = new Windows(size, contextLength);
    for (int i = 0; i < size && group * size + i < windows; i++) {
      filled.put(corpus, (group * size + i) * contextLength, i);
    }
    Ids targets = filled.targets();
    return new BatchSum(workspace.evaluate(filled.inputs(), targets), targets.counted());
  }
}
