package org.wordmill.trainer;

import com.esotericsoftware.kryo.io.Input;
import com.esotericsoftware.kryo.io.Output;
import java.io.IOException;
import org.apache.spark.storage.BlockManagerId;
import org.jspecify.annotations.Nullable;

/**
 * What a task tells the driver of the sum of its slices, which stays where it was taken.
 *
 * @param number the task's
 * @param lost the partition whose gradient could not be had, so that there is no sum; or {@link
 *     #NONE}
 * @param why it could not be had
 */
record KeptSum(int number, BlockManagerId place, int lost, @Nullable String why) implements Kept {
  private static final int NONE = -1;

  static KeptSum of(int number) {
    return new KeptSum(number, StepBlocks.here(), NONE, null);
  }

  static KeptSum without(int number, int lost, IOException cause) {
    return new KeptSum(number, StepBlocks.here(), lost, cause.getMessage());
  }

  boolean isThere() {
    return lost == NONE;
  }

  void write(Output output) {
    output.writeInt(number);
    StepBlocks.writePlace(place, output);
    output.writeInt(lost);
    output.writeString(why);
  }

  static KeptSum read(Input input) {
    return new KeptSum(
        input.readInt(), StepBlocks.readPlace(input), input.readInt(), input.readString());
  }
}
