package org.wordmill.trainer;

import com.esotericsoftware.kryo.io.Input;
import com.esotericsoftware.kryo.io.Output;
import org.apache.spark.storage.BlockManagerId;
import scala.Option;

/**
 * What a task tells the driver of a partition's gradient, which stays where it was computed.
 *
 * @param part the sums that belong to it
 * @param place the process that keeps it
 */
record KeptGradient(PartialSum part, BlockManagerId place) {
  void write(Output output) {
    part.write(output);
    output.writeString(place.executorId());
    output.writeString(place.host());
    output.writeInt(place.port());
  }

  static KeptGradient read(Input input) {
    return new KeptGradient(
        PartialSum.read(input),
        BlockManagerId.apply(
            input.readString(), input.readString(), input.readInt(), Option.empty()));
  }
}
