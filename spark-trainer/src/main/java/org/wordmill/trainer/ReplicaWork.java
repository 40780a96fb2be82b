package org.wordmill.trainer;

import java.io.Serializable;
import java.util.Iterator;
import org.apache.spark.TaskContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.util.TaskCompletionListener;
import org.wordmill.train.ModelWorkspace;
import org.wordmill.train.Replica;
import org.wordmill.train.TrainedReplica;

/**
 * The work of the tasks of one round: a replica's local steps, from the broadcast state on. A pure
 * function of what it is given and of the replica's number, so that it may run again, or twice,
 * anywhere.
 *
 * @param state parameters and the optimizer's state
 * @param updates that the optimizer has made before
 * @param first the first step of the round, counted from 0
 */
record ReplicaWork(RunSpec spec, Broadcast<FloatVectors> state, long updates, long first)
    implements Serializable {

  TrainedReplica train(int number) {
    ExecutorShare share = ExecutorShare.of(spec);
    FloatVectors before = state.value();
    ModelWorkspace workspace = share.borrow();
    TaskContext task = TaskContext.get();
    TaskCompletionListener giveBack = context -> share.giveBack(workspace);
    task.addTaskCompletionListener(giveBack);
    Replica replica =
        new Replica(workspace, share.trainingStep(), spec.config().optimization(), number, updates);
    Iterator<FloatVector> values = before.all().iterator();
    replica.vectors().forEach(vector -> values.next().copyTo(vector));
    for (int i = 0; i < spec.config().outer().localSteps(); i++) {
      if (task.isInterrupted()) {
        throw new IllegalStateException("the task was killed, because nobody wants its result");
      }
      replica.step(first + i);
    }
    return replica.result();
  }
}
