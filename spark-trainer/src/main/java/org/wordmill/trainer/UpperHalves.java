package org.wordmill.trainer;

import com.esotericsoftware.kryo.io.Input;
import com.esotericsoftware.kryo.io.Output;

/**
 * Vectors whose elements are in bfloat16 already, on their way from one process to another: the
 * upper 16 bits of each float, little-endian, with the lower ones known to be zero.
 */
final class UpperHalves {
  private static final int LOWER = 16;

  private UpperHalves() {}

  /** Writes the number of elements and the elements. */
  static void write(FloatVector vector, Output output) {
    float[] values = vector.array();
    output.writeInt(values.length);
    byte[] bytes = new byte[Math.min(FloatVector.PIECE, values.length) * Short.BYTES];
    for (int at = 0; at < values.length; at += FloatVector.PIECE) {
      int length = Math.min(FloatVector.PIECE, values.length - at);
      for (int i = 0; i < length; i++) {
        int upper = Float.floatToRawIntBits(values[at + i]) >>> LOWER;
        bytes[2 * i] = (byte) upper;
        bytes[2 * i + 1] = (byte) (upper >>> Byte.SIZE);
      }
      output.writeBytes(bytes, 0, length * Short.BYTES);
    }
  }

  /** Reads what {@link #write} has written. */
  static FloatVector.OfArray read(Input input) {
    float[] values = new float[input.readInt()];
    byte[] bytes = new byte[Math.min(FloatVector.PIECE, values.length) * Short.BYTES];
    for (int at = 0; at < values.length; at += FloatVector.PIECE) {
      int length = Math.min(FloatVector.PIECE, values.length - at);
      input.readBytes(bytes, 0, length * Short.BYTES);
      for (int i = 0; i < length; i++) {
        int upper = (bytes[2 * i] & 0xFF) | (bytes[2 * i + 1] & 0xFF) << Byte.SIZE;
        values[at + i] = Float.intBitsToFloat(upper << LOWER);
      }
    }
    return new FloatVector.OfArray(values);
  }
}
