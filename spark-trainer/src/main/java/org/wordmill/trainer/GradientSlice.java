package org.wordmill.trainer;

import com.esotericsoftware.kryo.io.Input;
import com.esotericsoftware.kryo.io.Output;
import org.wordmill.train.GradientPrecision;

/**
 * A slice of the gradient of one partition, or all of it, on its way to where gradients are added
 * up.
 *
 * @param part the sums that belong to the whole gradient
 * @param precision that {@code values} have been rounded to, and are sent in
 */
record GradientSlice(PartialSum part, GradientPrecision precision, FloatVector values) {

  void write(Output output) {
    part.write(output);
    boolean half = precision == GradientPrecision.BF16;
    output.writeBoolean(half);
    if (half) {
      UpperHalves.write(values, output);
    } else {
      values.write(output);
    }
  }

  static GradientSlice read(Input input) {
    PartialSum part = PartialSum.read(input);
    return input.readBoolean()
        ? new GradientSlice(part, GradientPrecision.BF16, UpperHalves.read(input))
        : new GradientSlice(part, GradientPrecision.FLOAT, FloatVector.read(input));
  }
}
