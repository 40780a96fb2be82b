package org.wordmill.kernel;

import java.nio.ByteBuffer;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.ShortVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorShape;
import jdk.incubator.vector.VectorSpecies;

/**
 * The upper half of a float: 8 bits of exponent and 7 of fraction. Rounds to the nearest, ties to
 * even; NaN stays NaN, and what is too large becomes infinite.
 */
final class Bfloat16 {
  static final int BYTES = 2;

  private static final VectorSpecies<Short> SHORTS =
      VectorSpecies.of(short.class, VectorShape.forBitSize(Lanes.FLOATS.vectorBitSize() / 2));
  // Just below half of the last bit that stays.
  private static final int HALF = 0x7fff;
  private static final int NAN = 0x7fc0;

  private Bfloat16() {}

  static short round(float x) {
    if (Float.isNaN(x)) {
      return (short) NAN;
    }
    int bits = Float.floatToRawIntBits(x);
    return (short) ((bits + HALF + ((bits >>> 16) & 1)) >>> 16);
  }

  /** {@code count} floats from element {@code first} on, to element {@code at} of {@code to}. */
  static void round(ByteBuffer from, int first, ByteBuffer to, int at, int count) {
    int whole = Lanes.whole(count);
    for (int i = 0; i < whole; i += Lanes.WIDTH) {
      FloatVector x = Lanes.load(from, first + i);
      IntVector bits = x.reinterpretAsInts();
      IntVector odd = bits.lanewise(VectorOperators.LSHR, 16).and(1);
      IntVector rounded = bits.add(HALF).add(odd).lanewise(VectorOperators.LSHR, 16);
      rounded = rounded.blend(NAN, x.compare(VectorOperators.NE, x).cast(Lanes.INTS));
      ((ShortVector) rounded.convertShape(VectorOperators.I2S, SHORTS, 0))
          .intoByteBuffer(to, (at + i) * BYTES, Lanes.ORDER);
    }
    for (int i = whole; i < count; i++) {
      to.putShort((at + i) * BYTES, round(from.getFloat((first + i) << 2)));
    }
  }
}
