package org.wordmill.trainer;

import com.esotericsoftware.kryo.io.Input;
import com.esotericsoftware.kryo.io.Output;
import java.util.ArrayList;
import java.util.List;
import org.wordmill.train.BatchSum;
import org.wordmill.train.LocalStep;
import org.wordmill.train.TrainedReplica;

/** A {@link TrainedReplica} on its way to the driver. */
final class ReplicaMessage {
  private ReplicaMessage() {}

  static void write(TrainedReplica replica, Output output) {
    output.writeInt(replica.replica());
    output.writeInt(replica.steps().size());
    for (LocalStep step : replica.steps()) {
      output.writeDouble(step.sum().loss());
      output.writeLong(step.sum().tokens());
      output.writeDouble(step.norm());
      output.writeBoolean(step.finite());
      output.writeDouble(step.inputSeconds());
    }
    output.writeLong(replica.updates());
    output.writeDouble(replica.seconds());
    output.writeInt(replica.vectors().size());
    replica.vectors().forEach(values -> new FloatVector.OfArray(values).write(output));
  }

  static TrainedReplica read(Input input) {
    int number = input.readInt();
    int count = input.readInt();
    List<LocalStep> steps = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      steps.add(
          new LocalStep(
              new BatchSum(input.readDouble(), input.readLong()),
              input.readDouble(),
              input.readBoolean(),
              input.readDouble()));
    }
    long updates = input.readLong();
    double seconds = input.readDouble();
    int size = input.readInt();
    List<float[]> vectors = new ArrayList<>();
    for (int i = 0; i < size; i++) {
      vectors.add(FloatVector.read(input).array());
    }
    return new TrainedReplica(number, steps, updates, seconds, vectors);
  }
}
