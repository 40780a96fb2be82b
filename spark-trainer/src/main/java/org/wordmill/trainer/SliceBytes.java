package org.wordmill.trainer;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.wordmill.kernel.Precision;
import org.wordmill.kernel.Tensor;
import org.wordmill.train.GradientPrecision;

/**
 * The elements of a vector's slice as bytes: 32-bit floats, little-endian, or in the precision of
 * BF16 the upper 16 bits of each, where the lower ones are known to be zero.
 */
final class SliceBytes {
  private SliceBytes() {}

  /**
   * The elements of {@code slice}, copied, and out of the heap: nothing there is moved by the
   * garbage collector, sockets send it as it is, and Spark frees it when a block goes away.
   */
  static ByteBuffer of(Tensor slice, GradientPrecision precision) {
    if (isRaw(slice, precision)) {
      return zeros(Math.toIntExact(slice.size())).put(slice.raw()).flip();
    }
    return of(slice.toFloats(), precision);
  }

  private static ByteBuffer of(float[] floats, GradientPrecision precision) {
    if (precision == GradientPrecision.FLOAT) {
      ByteBuffer bytes = zeros(floats.length);
      bytes.asFloatBuffer().put(floats);
      return bytes;
    }
    ByteBuffer bytes = ByteBuffer.allocateDirect(floats.length * width(precision));
    bytes.order(ByteOrder.LITTLE_ENDIAN);
    for (float element : floats) {
      bytes.putShort((short) (Float.floatToRawIntBits(element) >>> Short.SIZE));
    }
    return bytes.flip();
  }

  /** {@code size} elements of 32 bits, out of the heap. */
  static ByteBuffer zeros(int size) {
    return ByteBuffer.allocateDirect(size * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
  }

  /**
   * Copies into {@code slice} what {@link #of} has made of one of the same size.
   *
   * @throws IOException when there are more bytes, or fewer
   */
  static void read(ByteBuffer bytes, Tensor slice, GradientPrecision precision) throws IOException {
    int size = Math.toIntExact(slice.size());
    require(bytes.remaining(), size, precision);
    if (isRaw(slice, precision)) {
      slice.raw().put(bytes);
    } else {
      float[] floats = new float[size];
      read(bytes, floats, 0, size, precision);
      slice.copyFrom(floats);
    }
  }

  /** Like the other, of a block that has come in {@code parts}. */
  static void read(ByteBuffer[] parts, Tensor slice, GradientPrecision precision)
      throws IOException {
    int size = Math.toIntExact(slice.size());
    if (isRaw(slice, precision)) {
      ByteBuffer bytes = slice.raw();
      join(parts, bytes);
      require(bytes.remaining(), size, precision);
    } else {
      read(whole(parts, ByteBuffer.allocate(size * width(precision))), slice, precision);
    }
  }

  /** Like the others, into {@code size} elements of an array from {@code at} on. */
  static void read(ByteBuffer bytes, float[] floats, int at, int size, GradientPrecision precision)
      throws IOException {
    require(bytes.remaining(), size, precision);
    next(bytes, floats, at, size, precision);
  }

  /** The next {@code size} elements, into those of an array from {@code at} on. */
  static void next(
      ByteBuffer bytes, float[] floats, int at, int size, GradientPrecision precision) {
    bytes.order(ByteOrder.LITTLE_ENDIAN);
    if (precision == GradientPrecision.BF16) {
      for (int i = at; i < at + size; i++) {
        floats[i] = Float.intBitsToFloat(bytes.getShort() << Short.SIZE);
      }
    } else {
      bytes.asFloatBuffer().get(floats, at, size);
      bytes.position(bytes.position() + size * Float.BYTES);
    }
  }

  /**
   * The bytes of a block in one piece.
   *
   * @param parts pieces in which it has come
   * @param scratch where they are copied to when there are several
   * @throws IOException when they do not fit there
   */
  static ByteBuffer whole(ByteBuffer[] parts, ByteBuffer scratch) throws IOException {
    if (parts.length == 1) {
      return parts[0];
    }
    join(parts, scratch);
    return scratch;
  }

  /**
   * Copies {@code parts} to the beginning of {@code target}, which ends there.
   *
   * @throws IOException when they do not fit
   */
  static void join(ByteBuffer[] parts, ByteBuffer target) throws IOException {
    target.clear();
    for (ByteBuffer part : parts) {
      if (part.remaining() > target.remaining()) {
        throw new IOException("a slice has come in more than " + target.capacity() + " bytes");
      }
      target.put(part);
    }
    target.flip();
  }

  /**
   * Refuses what is not as long as it should be.
   *
   * @throws IOException when {@code bytes} are not those of {@code size} elements
   */
  static void require(int bytes, int size, GradientPrecision precision) throws IOException {
    if (bytes != size * width(precision)) {
      throw new IOException("a slice of " + size + " elements has come in " + bytes + " bytes");
    }
  }

  /** The bytes of an element. */
  static int width(GradientPrecision precision) {
    return precision == GradientPrecision.BF16 ? Short.BYTES : Float.BYTES;
  }

  /** Whether the bytes are those that the elements lie in. */
  static boolean isRaw(Tensor slice, GradientPrecision precision) {
    return precision == GradientPrecision.FLOAT
        && slice.precision() == Precision.FLOAT
        && slice.isOnHost()
        && ByteOrder.nativeOrder() == ByteOrder.LITTLE_ENDIAN;
  }
}
