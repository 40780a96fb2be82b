package org.wordmill.trainer;

import java.io.Serializable;
import java.util.Iterator;
import java.util.stream.IntStream;
import org.apache.spark.TaskContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.util.TaskCompletionListener;
import org.wordmill.train.BatchSum;
import org.wordmill.train.ModelWorkspace;
import scala.Tuple2;

/**
 * The work of the tasks of one step: a partition's gradient of its part of the batch, or the loss
 * of its part of the validation text, at the broadcast parameters. A pure function of what it is
 * given and of the partition's number, so that it may run again, or twice, anywhere.
 */
record PartitionWork(RunSpec spec, Broadcast<FloatVector> parameters, long step)
    implements Serializable {

  /** The loss on the partition's part of the validation text. */
  PartialSum validate(int partition) {
    ExecutorShare share = ExecutorShare.of(spec);
    ModelWorkspace workspace = workspace(share);
    long begin = System.nanoTime();
    BatchSum sum = share.evaluationStep().run(workspace, partition);
    return new PartialSum(partition, sum, secondsSince(begin), 0);
  }

  /** All of the partition's gradient, in an array of its own. */
  GradientSlice gradient(int partition) {
    ModelWorkspace workspace = workspace(ExecutorShare.of(spec));
    PartialSum part = train(workspace, partition);
    return new GradientSlice(
        part,
        spec.config().gradients(),
        new FloatVector.OfArray(workspace.gradients().flat().toFloats()));
  }

  /** The slices of the partition's gradient by number, to be written before the task ends. */
  Iterator<Tuple2<Integer, GradientSlice>> slices(int partition, Slicing slicing) {
    ModelWorkspace workspace = workspace(ExecutorShare.of(spec));
    PartialSum part = train(workspace, partition);
    return IntStream.range(0, slicing.count())
        .mapToObj(
            slice ->
                new Tuple2<>(
                    slice,
                    new GradientSlice(
                        part,
                        spec.config().gradients(),
                        new FloatVector.OfTensor(slicing.of(workspace.gradients().flat(), slice)))))
        .iterator();
  }

  private PartialSum train(ModelWorkspace workspace, int partition) {
    long begin = System.nanoTime();
    BatchSum sum = ExecutorShare.of(spec).trainingStep().run(workspace, step, partition);
    return new PartialSum(partition, sum, secondsSince(begin), workspace.inputSeconds());
  }

  /** The task's until it ends, holding the broadcast parameters. */
  private ModelWorkspace workspace(ExecutorShare share) {
    FloatVector values = parameters.value();
    ModelWorkspace workspace = share.borrow();
    TaskCompletionListener giveBack = context -> share.giveBack(workspace);
    TaskContext.get().addTaskCompletionListener(giveBack);
    values.copyTo(workspace.values().flat());
    return workspace;
  }

  private static double secondsSince(long nanoTime) {
    return (System.nanoTime() - nanoTime) * 1e-9;
  }
}
