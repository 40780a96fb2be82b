package org.wordmill.kernel;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/**
 * Vectors of floats in off-heap memory: load and store by element index, parts of a vector at the
 * end of a row, and exp.
 *
 * <p>Parts go element by element through a small array, because masks are slow in Java 17 and
 * because nothing may be written, or read, behind the end of a tensor. An instance has that array,
 * so it belongs to one thread.
 */
final class Lanes {
  static final VectorSpecies<Float> FLOATS = FloatVector.SPECIES_PREFERRED;
  static final VectorSpecies<Integer> INTS = VectorSpecies.of(int.class, FLOATS.vectorShape());

  /** Floats in a vector; a power of two. */
  static final int WIDTH = FLOATS.length();

  static final ByteOrder ORDER = ByteOrder.nativeOrder();

  // exp(x) = 2^n exp(r), r = x - n ln 2 in two steps, |r| <= ln 2 / 2.
  private static final float LOG2_E = 1.4426950408889634f;
  private static final float LN2_HIGH = 0.693145751953125f;
  private static final float LN2_LOW = 1.4286068203094172e-6f;
  // Adding it rounds to an integer, which then stands in the low bits.
  private static final float ROUNDER = 12582912f;
  private static final float LOWEST = -87.33f;
  private static final float HIGHEST = 87.33f;
  // (exp(r) - 1 - r) / r^2, interpolated at the Chebyshev nodes of [-ln 2 / 2, ln 2 / 2].
  private static final float E2 = 0.5f;
  private static final float E3 = 0.16666576266288757f;
  private static final float E4 = 0.041666556149721146f;
  private static final float E5 = 0.008363178931176662f;
  private static final float E6 = 0.0013926184037700295f;
  private static final int ONE_BITS = Float.floatToRawIntBits(1);

  private final float[] part = new float[WIDTH];

  /** The largest multiple of {@link #WIDTH} that is not larger than {@code count}. */
  static int whole(int count) {
    return count & -WIDTH;
  }

  static FloatVector load(ByteBuffer memory, int index) {
    return FloatVector.fromByteBuffer(FLOATS, memory, index << 2, ORDER);
  }

  static void store(FloatVector v, ByteBuffer memory, int index) {
    v.intoByteBuffer(memory, index << 2, ORDER);
  }

  static FloatVector all(float value) {
    return FloatVector.broadcast(FLOATS, value);
  }

  /**
   * The sum of the lanes, always in the same order: the vector API's own reduction may take another
   * one in compiled code than in interpreted code, and then no run would repeat another's bits.
   */
  float sum(FloatVector v) {
    v.intoArray(part, 0);
    float even = 0;
    float odd = 0;
    for (int i = 0; i < WIDTH; i += 2) {
      even += part[i];
      odd += part[i + 1];
    }
    return even + odd;
  }

  /** {@code count} elements, fewer than a vector; {@code rest} in the other lanes. */
  FloatVector load(ByteBuffer memory, int index, int count, float rest) {
    for (int i = 0; i < count; i++) {
      part[i] = memory.getFloat((index + i) << 2);
    }
    for (int i = count; i < WIDTH; i++) {
      part[i] = rest;
    }
    return FloatVector.fromArray(FLOATS, part, 0);
  }

  /** The first {@code count} lanes. */
  void store(FloatVector v, ByteBuffer memory, int index, int count) {
    v.intoArray(part, 0);
    for (int i = 0; i < count; i++) {
      memory.putFloat((index + i) << 2, part[i]);
    }
  }

  /** Zeros at [from, to). */
  static void clear(ByteBuffer memory, int from, int to) {
    int i = from;
    for (; i + WIDTH <= to; i += WIDTH) {
      store(all(0), memory, i);
    }
    for (; i < to; i++) {
      memory.putFloat(i << 2, 0);
    }
  }

  /**
   * exp of each lane, to two units in the last place for x in [-87.33, 87.33], and exp of the
   * nearer end of that range outside it; NaN stays NaN.
   */
  static FloatVector exp(FloatVector x) {
    // Comparisons are false for NaN, which so passes through; min and max would cost more.
    FloatVector limited = x.blend(all(LOWEST), x.compare(VectorOperators.LT, all(LOWEST)));
    limited = limited.blend(all(HIGHEST), x.compare(VectorOperators.GT, all(HIGHEST)));
    FloatVector rounded = limited.fma(all(LOG2_E), all(ROUNDER));
    FloatVector n = rounded.sub(all(ROUNDER));
    FloatVector r = n.fma(all(-LN2_LOW), n.fma(all(-LN2_HIGH), limited));
    FloatVector p = r.fma(all(E6), all(E5)).fma(r, all(E4)).fma(r, all(E3));
    p = p.fma(r, all(E2)).fma(r, all(1)).fma(r, all(1));
    IntVector exponent = rounded.reinterpretAsInts().lanewise(VectorOperators.LSHL, 23);
    return p.mul(exponent.add(ONE_BITS).reinterpretAsFloats());
  }
}
