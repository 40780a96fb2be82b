package org.wordmill.trainer;

import com.esotericsoftware.kryo.io.Input;
import com.esotericsoftware.kryo.io.Output;
import java.util.ArrayList;
import java.util.List;

/**
 * A slice of the sum of all partitions' gradients.
 *
 * @param parts the sums of the partitions, in their order
 */
record SummedSlice(List<PartialSum> parts, FloatVector values) {

  SummedSlice {
    parts = List.copyOf(parts);
  }

  void write(Output output) {
    output.writeInt(parts.size());
    parts.forEach(part -> part.write(output));
    values.write(output);
  }

  static SummedSlice read(Input input) {
    int count = input.readInt();
    List<PartialSum> parts = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      parts.add(PartialSum.read(input));
    }
    return new SummedSlice(parts, FloatVector.read(input));
  }
}
