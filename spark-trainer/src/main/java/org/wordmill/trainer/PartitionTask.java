package org.wordmill.trainer;

import java.util.Iterator;
import java.util.List;
import org.apache.spark.api.java.function.Function2;
import org.apache.spark.broadcast.Broadcast;
import org.wordmill.train.BatchSum;
import org.wordmill.train.ModelWorkspace;

/**
 * The task of one partition of one step: the gradient of its part of the batch, or the loss of its
 * part of the validation text, at the broadcast parameters. A pure function of what it is given and
 * of the partition's number, so that it may run again, or twice, anywhere.
 */
final class PartitionTask implements Function2<Integer, Iterator<Integer>, Iterator<PartialSum>> {
  private static final long serialVersionUID = 1L;
  private static final float[] NO_GRADIENT = {};

  private final RunSpec spec;
  private final Broadcast<FloatVector> parameters;
  private final long step;
  private final boolean evaluates;

  private PartitionTask(
      RunSpec spec, Broadcast<FloatVector> parameters, long step, boolean evaluates) {
    this.spec = spec;
    this.parameters = parameters;
    this.step = step;
    this.evaluates = evaluates;
  }

  static PartitionTask gradient(RunSpec spec, Broadcast<FloatVector> parameters, long step) {
    return new PartitionTask(spec, parameters, step, false);
  }

  static PartitionTask validationLoss(RunSpec spec, Broadcast<FloatVector> parameters, long step) {
    return new PartitionTask(spec, parameters, step, true);
  }

  @Override
  public Iterator<PartialSum> call(Integer partition, Iterator<Integer> none) {
    ExecutorShare share = ExecutorShare.of(spec);
    float[] values = parameters.value().values();
    ModelWorkspace workspace = share.borrow();
    try {
      long begin = System.nanoTime();
      workspace.values().flat().copyFrom(values);
      BatchSum sum;
      float[] gradient = NO_GRADIENT;
      if (evaluates) {
        sum = share.evaluationStep().run(workspace, partition);
      } else {
        sum = share.trainingStep().run(workspace, step, partition);
        gradient = workspace.gradients().flat().toFloats();
      }
      double seconds = (System.nanoTime() - begin) * 1e-9;
      return List.of(new PartialSum(sum, seconds, gradient)).iterator();
    } finally {
      share.giveBack(workspace);
    }
  }
}
