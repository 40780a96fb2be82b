package org.wordmill.trainer;

import com.esotericsoftware.kryo.io.Input;
import com.esotericsoftware.kryo.io.Output;
import org.apache.spark.storage.BlockManagerId;

/**
 * What a task tells the driver of a partition's gradient, which stays where it was computed.
 *
 * @param part the sums that belong to it
 */
record KeptGradient(PartialSum part, BlockManagerId place) implements Kept {

  @Override
  public int number() {
    return part.partition();
  }

  void write(Output output) {
    part.write(output);
    StepBlocks.writePlace(place, output);
  }

  static KeptGradient read(Input input) {
    return new KeptGradient(PartialSum.read(input), StepBlocks.readPlace(input));
  }
}
