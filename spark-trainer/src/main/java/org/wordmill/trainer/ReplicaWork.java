package org.wordmill.trainer;

import java.io.Serializable;
import java.util.List;
import org.apache.spark.TaskContext;
import org.apache.spark.util.TaskCompletionListener;
import org.wordmill.kernel.Tensor;
import org.wordmill.train.GradientPrecision;
import org.wordmill.train.ModelWorkspace;
import org.wordmill.train.Replica;

/**
 * The work of the tasks of one round: a replica's local steps, from the state that the driver keeps
 * on. A pure function of what it is given and of the replica's number, so that it may run again, or
 * twice, anywhere.
 *
 * @param state parameters and the optimizer's state
 * @param updates that the optimizer has made before
 * @param first the first step of the round, counted from 0
 */
record ReplicaWork(RunSpec spec, List<KeptVector> state, long updates, long first)
    implements Serializable {

  /** A replica, whose vectors this process keeps. */
  KeptReplica train(int number) {
    ExecutorShare share = ExecutorShare.of(spec);
    share.begin(state.get(0).blocks());
    ModelWorkspace workspace = share.borrow(state.get(0).blocks());
    TaskContext task = TaskContext.get();
    TaskCompletionListener giveBack = context -> share.giveBack(workspace);
    task.addTaskCompletionListener(giveBack);
    Replica replica =
        new Replica(workspace, share.trainingStep(), spec.config().optimization(), number, updates);
    List<Tensor> vectors = replica.vectors();
    for (int i = 0; i < vectors.size(); i++) {
      state.get(i).copyInTask(vectors.get(i), false);
    }
    for (int i = 0; i < spec.config().outer().localSteps(); i++) {
      if (task.isInterrupted()) {
        throw new IllegalStateException("the task was killed, because nobody wants its result");
      }
      replica.step(first + i);
    }
    for (int i = 0; i < vectors.size(); i++) {
      vector(number, i).keep(vectors.get(i), false);
    }
    return new KeptReplica(replica.result(), StepBlocks.here());
  }

  /** Where {@link #train} leaves a vector of a replica. */
  KeptVector vector(int replica, int vector) {
    KeptVector before = state.get(vector);
    return new KeptVector(
        before.blocks(),
        "replica" + replica + "_" + vector,
        before.size(),
        before.slice(),
        GradientPrecision.FLOAT);
  }
}
