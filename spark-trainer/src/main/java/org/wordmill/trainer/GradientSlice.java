package org.wordmill.trainer;

import com.esotericsoftware.kryo.io.Input;
import com.esotericsoftware.kryo.io.Output;

/**
 * A slice of the gradient of one partition, or all of it, on its way to where gradients are added
 * up.
 *
 * @param part the sums that belong to the whole gradient
 */
record GradientSlice(PartialSum part, FloatVector values) {

  void write(Output output) {
    part.write(output);
    values.write(output);
  }

  static GradientSlice read(Input input) {
    return new GradientSlice(PartialSum.read(input), FloatVector.read(input));
  }
}
