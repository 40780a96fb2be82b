package org.wordmill.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

final class Bfloat16Test {
  private static final int COUNT = 1003; // no multiple of any vector

  @Test
  void roundsToTheNearestOfTheTwoNeighboursAndTiesToEven() {
    assertThat(rounded(1)).isEqualTo(1);
    // One unit in the last place at 1 is 2^-7.
    assertThat(rounded(1 + 0x1p-8f)).isEqualTo(1);
    assertThat(rounded(1 + 0x1p-8f + 0x1p-20f)).isEqualTo(1 + 0x1p-7f);
    assertThat(rounded(1 + 0x1p-7f + 0x1p-8f)).isEqualTo(1 + 0x1p-6f);
    assertThat(rounded(-1 - 0x1p-8f)).isEqualTo(-1);
    assertThat(rounded(-0f)).isEqualTo(-0f);
  }

  @Test
  void whatIsTooLargeBecomesInfiniteAndNanStaysNan() {
    assertThat(rounded(Float.MAX_VALUE)).isEqualTo(Float.POSITIVE_INFINITY);
    assertThat(rounded(Float.NEGATIVE_INFINITY)).isEqualTo(Float.NEGATIVE_INFINITY);
    assertThat(rounded(Float.NaN)).isNaN();
    // All bits of the fraction set: adding to it would carry into the sign.
    assertThat(rounded(Float.intBitsToFloat(0x7fffffff))).isNaN();
    assertThat(rounded(Float.intBitsToFloat(0xffffffff))).isNaN();
  }

  @Test
  void manyAtOnceAreRoundedAsOneIsAndNothingElseIsWritten() {
    SplittableRandom random = new SplittableRandom(20261128);
    ByteBuffer floats = ByteBuffer.allocateDirect(COUNT * Float.BYTES).order(Lanes.ORDER);
    ByteBuffer halves = ByteBuffer.allocateDirect((COUNT + 2) * Bfloat16.BYTES).order(Lanes.ORDER);
    for (int i = 0; i < COUNT; i++) {
      floats.putInt(i * Float.BYTES, random.nextInt()); // any float there is
    }
    halves.putShort(0, (short) 7).putShort((COUNT + 1) * Bfloat16.BYTES, (short) 7);
    Bfloat16.round(floats, 0, halves, 1, COUNT);
    for (int i = 0; i < COUNT; i++) {
      float x = floats.getFloat(i * Float.BYTES);
      assertThat(halves.getShort((i + 1) * Bfloat16.BYTES)).as("%a", x).isEqualTo(nearest(x));
    }
    assertThat(halves.getShort(0)).isEqualTo((short) 7);
    assertThat(halves.getShort((COUNT + 1) * Bfloat16.BYTES)).isEqualTo((short) 7);
  }

  /** By comparing the distances to the two neighbours, in double precision. */
  private static short nearest(float x) {
    int below = Float.floatToRawIntBits(x) >>> 16;
    if (Float.isNaN(x)) {
      return (short) 0x7fc0;
    }
    double down = Math.abs((double) x - value(below));
    // Infinity stands where the next number would be, if there were one.
    double next = value(below + 1);
    double up =
        Double.isInfinite(next) ? 0x1p128 - Math.abs((double) x) : Math.abs(next - (double) x);
    if (Float.isInfinite(x)) {
      return (short) below;
    }
    boolean even = (below & 1) == 0;
    return (short) (down < up || (down == up && even) ? below : below + 1);
  }

  private static float value(int bits) {
    return Float.intBitsToFloat(bits << 16);
  }

  private static float rounded(float x) {
    return value(Bfloat16.round(x));
  }
}
