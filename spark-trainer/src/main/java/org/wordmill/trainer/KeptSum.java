package org.wordmill.trainer;

import com.esotericsoftware.kryo.io.Input;
import com.esotericsoftware.kryo.io.Output;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.storage.BlockManagerId;
import org.jspecify.annotations.Nullable;
import org.wordmill.train.VectorBlocks;

/**
 * What a task tells the driver of the sum of its slices, which stays where it was taken.
 *
 * @param number the task's
 * @param squares the sums of the squares of its elements, block by block, as {@link VectorBlocks}
 *     takes them
 * @param lost the partition whose gradient could not be had, so that there is no sum; or {@link
 *     #NONE}
 * @param why it could not be had
 */
record KeptSum(
    int number, BlockManagerId place, List<Double> squares, int lost, @Nullable String why)
    implements Kept {
  private static final int NONE = -1;

  static KeptSum of(int number, List<Double> squares) {
    return new KeptSum(number, StepBlocks.here(), squares, NONE, null);
  }

  static KeptSum without(int number, int lost, IOException cause) {
    return new KeptSum(number, StepBlocks.here(), List.of(), lost, cause.getMessage());
  }

  boolean isThere() {
    return lost == NONE;
  }

  void write(Output output) {
    output.writeInt(number);
    StepBlocks.writePlace(place, output);
    output.writeInt(squares.size());
    squares.forEach(output::writeDouble);
    output.writeInt(lost);
    output.writeString(why);
  }

  static KeptSum read(Input input) {
    int number = input.readInt();
    BlockManagerId place = StepBlocks.readPlace(input);
    List<Double> squares = new ArrayList<>();
    for (int left = input.readInt(); left > 0; left--) {
      squares.add(input.readDouble());
    }
    return new KeptSum(number, place, squares, input.readInt(), input.readString());
  }
}
