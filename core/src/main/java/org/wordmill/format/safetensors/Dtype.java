package org.wordmill.format.safetensors;

import java.nio.ByteBuffer;
import java.util.Optional;

/** The types of elements that a header may name; numbers are little-endian. */
public enum Dtype {
  BOOL(1),
  U8(1),
  I8(1),
  F8_E5M2(1),
  F8_E4M3(1),
  U16(2),
  I16(2),
  /** IEEE 754 binary16: 5 bits of exponent, 10 of fraction. */
  F16(2),
  /** The upper half of an F32. */
  BF16(2),
  U32(4),
  I32(4),
  F32(4),
  U64(8),
  I64(8),
  F64(8);

  private static final int HALF_EXPONENT_BITS = 0x7C00;
  private static final int HALF_FRACTION_BITS = 0x03FF;
  private static final int HALF_FRACTION_WIDTH = 10;
  private static final int FLOAT_FRACTION_WIDTH = 23;
  private static final int BIAS_DIFFERENCE = 127 - 15;

  private final int bytes;

  Dtype(int bytes) {
    this.bytes = bytes;
  }

  /** The size of an element. */
  public int bytes() {
    return bytes;
  }

  static Optional<Dtype> of(String name) {
    for (Dtype dtype : values()) {
      if (dtype.name().equals(name)) {
        return Optional.of(dtype);
      }
    }
    return Optional.empty();
  }

  /** Whether every value of this type is a float, so that reading changes none. */
  public boolean isReadAsFloat() {
    return this == F32 || this == F16 || this == BF16;
  }

  /** Reads {@code count} elements into {@code values} from {@code at} on. */
  void widen(ByteBuffer elements, float[] values, int at, int count) {
    for (int i = 0; i < count; i++) {
      values[at + i] =
          switch (this) {
            case F32 -> elements.getFloat();
            case BF16 -> Float.intBitsToFloat(elements.getShort() << Short.SIZE);
            case F16 -> half(elements.getShort());
            default -> throw new IllegalStateException(this + " is not read as float");
          };
    }
  }

  static float half(short bits) {
    int sign = (bits & 0x8000) << Short.SIZE;
    int exponent = (bits & HALF_EXPONENT_BITS) >> HALF_FRACTION_WIDTH;
    int fraction = bits & HALF_FRACTION_BITS;
    if (exponent == 0) {
      float magnitude = fraction * 0x1p-24f;
      return sign == 0 ? magnitude : -magnitude;
    }
    boolean isInfiniteOrNaN = (bits & HALF_EXPONENT_BITS) == HALF_EXPONENT_BITS;
    int wideExponent = isInfiniteOrNaN ? 0xFF : exponent + BIAS_DIFFERENCE;
    return Float.intBitsToFloat(
        sign
            | wideExponent << FLOAT_FRACTION_WIDTH
            | fraction << (FLOAT_FRACTION_WIDTH - HALF_FRACTION_WIDTH));
  }
}
