package org.wordmill.kernel;

import java.nio.ByteBuffer;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;

/** {@link DropoutMask} on vectors: the same mask, many elements at once. */
final class FusedDropout {
  private static final IntVector STEPS = IntVector.zero(Lanes.INTS).addIndex(1);
  private static final IntVector MULTIPLIER_1 =
      IntVector.broadcast(Lanes.INTS, DropoutMask.MULTIPLIER_1);
  private static final IntVector MULTIPLIER_2 =
      IntVector.broadcast(Lanes.INTS, DropoutMask.MULTIPLIER_2);

  private FusedDropout() {}

  /** y = x mask / (1 - rate) over elements whose first has the number {@code first}. */
  static void apply(
      DropoutMask mask,
      int first,
      ByteBuffer x,
      int xStart,
      ByteBuffer y,
      int yStart,
      int size,
      boolean accumulate) {
    int whole = Lanes.whole(size);
    for (int i = 0; i < whole; i += Lanes.WIDTH) {
      FloatVector v = Lanes.load(x, xStart + i).mul(factors(mask, first + i));
      Lanes.store(accumulate ? v.add(Lanes.load(y, yStart + i)) : v, y, yStart + i);
    }
    for (int i = whole; i < size; i++) {
      float v = x.getFloat((xStart + i) << 2) * mask.factor(first + i);
      int at = (yStart + i) << 2;
      y.putFloat(at, accumulate ? v + y.getFloat(at) : v);
    }
  }

  /** The same mask on two ranges at once: y = x mask / (1 - rate), and z so in place. */
  static void applyToBoth(
      DropoutMask mask,
      int first,
      ByteBuffer x,
      int xStart,
      ByteBuffer y,
      int yStart,
      ByteBuffer z,
      int zStart,
      int size) {
    int whole = Lanes.whole(size);
    for (int i = 0; i < whole; i += Lanes.WIDTH) {
      FloatVector factors = factors(mask, first + i);
      Lanes.store(Lanes.load(x, xStart + i).mul(factors), y, yStart + i);
      Lanes.store(Lanes.load(z, zStart + i).mul(factors), z, zStart + i);
    }
    for (int i = whole; i < size; i++) {
      float factor = mask.factor(first + i);
      int at = (zStart + i) << 2;
      y.putFloat((yStart + i) << 2, x.getFloat((xStart + i) << 2) * factor);
      z.putFloat(at, z.getFloat(at) * factor);
    }
  }

  private static FloatVector factors(DropoutMask mask, int first) {
    IntVector hash = mix(STEPS.add(first + mask.firstKey()));
    hash = mix(hash.add(mask.secondKey()));
    // Negative where the element is dropped; the sign, spread over all bits, then clears the scale.
    IntVector below = hash.lanewise(VectorOperators.LSHR, 8).sub(mask.threshold());
    IntVector dropped = below.lanewise(VectorOperators.ASHR, 31);
    int scale = Float.floatToRawIntBits((float) mask.scale());
    return dropped.not().and(scale).reinterpretAsFloats();
  }

  private static IntVector mix(IntVector hash) {
    IntVector h = hash.lanewise(VectorOperators.XOR, hash.lanewise(VectorOperators.LSHR, 16));
    h = h.mul(MULTIPLIER_1);
    h = h.lanewise(VectorOperators.XOR, h.lanewise(VectorOperators.LSHR, 13));
    h = h.mul(MULTIPLIER_2);
    return h.lanewise(VectorOperators.XOR, h.lanewise(VectorOperators.LSHR, 16));
  }
}
