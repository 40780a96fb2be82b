package org.wordmill.trainer;

import java.io.IOException;
import java.io.Serializable;
import java.io.UncheckedIOException;
import java.util.Iterator;
import java.util.stream.IntStream;
import org.apache.spark.TaskContext;
import org.apache.spark.util.TaskCompletionListener;
import org.wordmill.train.BatchSum;
import org.wordmill.train.ModelWorkspace;
import scala.Tuple2;

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

  /** All of the partition's gradient, kept by this process. */
  KeptGradient gradient(int partition) {
    ModelWorkspace workspace = workspace(ExecutorShare.of(spec));
    PartialSum part = train(workspace, partition);
    gradientOf(partition).keep(workspace.gradients().flat(), false);
    return new KeptGradient(part, StepBlocks.here());
  }

  /** Where {@link #gradient} leaves it. */
  KeptVector gradientOf(int partition) {
    return new KeptVector(
        parameters.blocks(), "gradient" + partition, parameters.size(), spec.config().gradients());
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

  /** The task's until it ends, holding the parameters. */
  private ModelWorkspace workspace(ExecutorShare share) {
    share.begin(parameters.blocks());
    ModelWorkspace workspace = share.borrow();
    TaskCompletionListener giveBack = context -> share.giveBack(workspace);
    TaskContext.get().addTaskCompletionListener(giveBack);
    try {
      parameters.copyTo(workspace.values().flat());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("the task was killed, because nobody wants its result", e);
    }
    return workspace;
  }

  private static double secondsSince(long nanoTime) {
    return (System.nanoTime() - nanoTime) * 1e-9;
  }
}
