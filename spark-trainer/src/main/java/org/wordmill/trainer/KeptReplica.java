package org.wordmill.trainer;

import com.esotericsoftware.kryo.io.Input;
import com.esotericsoftware.kryo.io.Output;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.storage.BlockManagerId;
import org.wordmill.train.BatchSum;
import org.wordmill.train.LocalStep;
import org.wordmill.train.TrainedReplica;

/** What a task tells the driver of a replica, whose vectors stay where it was trained. */
record KeptReplica(TrainedReplica trained, BlockManagerId place) implements Kept {

  @Override
  public int number() {
    return trained.replica();
  }

  void write(Output output) {
    output.writeInt(trained.replica());
    output.writeInt(trained.steps().size());
    for (LocalStep step : trained.steps()) {
      output.writeDouble(step.sum().loss());
      output.writeLong(step.sum().tokens());
      output.writeDouble(step.norm());
      output.writeBoolean(step.finite());
      output.writeDouble(step.inputSeconds());
    }
    output.writeLong(trained.updates());
    output.writeDouble(trained.seconds());
    StepBlocks.writePlace(place, output);
  }

  static KeptReplica read(Input input) {
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
    return new KeptReplica(
        new TrainedReplica(number, steps, input.readLong(), input.readDouble()),
        StepBlocks.readPlace(input));
  }
}
