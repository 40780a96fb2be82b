package org.wordmill.trainer;

import com.esotericsoftware.kryo.io.Input;
import com.esotericsoftware.kryo.io.Output;
import java.util.ArrayList;
import java.util.List;

/** Flat vectors that go together, such as parameters and the optimizer's state. */
record FloatVectors(List<FloatVector> all) {

  void write(Output output) {
    output.writeInt(all.size());
    all.forEach(vector -> vector.write(output));
  }

  static FloatVectors read(Input input) {
    int count = input.readInt();
    List<FloatVector> all = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      all.add(FloatVector.read(input));
    }
    return new FloatVectors(all);
  }
}
