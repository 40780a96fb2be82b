package org.wordmill.trainer;

import java.io.Serializable;
import org.apache.spark.TaskContext;
import org.apache.spark.util.TaskCompletionListener;
import org.wordmill.train.BatchSum;
import org.wordmill.train.ModelWorkspace;

/**
 * The work of the tasks of one step: a partition's gradient of its part of the batch, or the loss
 * of its part of the validation text, at the parameters that the driver keeps. A pure function of
 * what it is given and of the partition's number, so that it may run again, or twice, anywhere.
 */
record PartitionWork(RunSpec spec, KeptVector parameters, long step) implements Serializable {

  /** The loss on the partition's part of the validation text. */
  PartialSum validate(int partition) {
    ExecutorShare share = ExecutorShare.of(spec);
    ModelWorkspace workspace = workspace(share);
    long begin = System.nanoTime();
    BatchSum sum = share.evaluationStep().run(workspace, partition);
    return new PartialSum(partition, sum, secondsSince(begin), 0);
  }

  /**
   * The partition's gradient, kept by this process.
   *
   * @param slice elements that it is kept in
   */
  KeptGradient gradient(int partition, int slice) {
    ModelWorkspace workspace = workspace(ExecutorShare.of(spec));
    PartialSum part = train(workspace, partition);
    gradientOf(partition, slice).keep(workspace.gradients().flat(), false);
    return new KeptGradient(part, StepBlocks.here());
  }

  /** Where {@link #gradient} leaves it. */
  KeptVector gradientOf(int partition, int slice) {
    return new KeptVector(
        parameters.blocks(),
        "gradient" + partition,
        parameters.size(),
        slice,
        spec.config().gradients());
  }

  /** A task of the step begins in this process. */
  void begin() {
    ExecutorShare.of(spec).begin(parameters.blocks());
  }

  private PartialSum train(ModelWorkspace workspace, int partition) {
    long begin = System.nanoTime();
    BatchSum sum = ExecutorShare.of(spec).trainingStep().run(workspace, step, partition);
    return new PartialSum(partition, sum, secondsSince(begin), workspace.inputSeconds());
  }

  /** The task's until it ends, holding the parameters. */
  private ModelWorkspace workspace(ExecutorShare share) {
    begin();
    ModelWorkspace workspace = share.borrow(parameters.blocks());
    TaskCompletionListener giveBack = context -> share.giveBack(workspace);
    TaskContext.get().addTaskCompletionListener(giveBack);
    // Nothing else is written there before the step is over: its other tasks need the same ones.
    parameters.copyInTask(workspace.values().flat(), true);
    return workspace;
  }

  private static double secondsSince(long nanoTime) {
    return (System.nanoTime() - nanoTime) * 1e-9;
  }
}
