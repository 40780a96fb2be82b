package org.wordmill.trainer;

import com.esotericsoftware.kryo.io.Input;
import com.esotericsoftware.kryo.io.Output;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import org.apache.spark.util.KnownSizeEstimation;
import org.wordmill.kernel.Tensor;

/**
 * A flat vector on its way from one process to another: 32-bit floats, little-endian. The sender
 * writes it from where it lies, piece by piece, so that no copy of the whole is made in the heap;
 * the receiver finds it in an array.
 */
sealed interface FloatVector permits FloatVector.OfTensor, FloatVector.OfArray {

  /** The number of elements. */
  int size();

  /** Copies all elements; {@code target} has as many. */
  void copyTo(Tensor target);

  /** The elements as an array, which may be this vector's own. */
  float[] array();

  /** Writes the number of elements and the elements. */
  void write(Output output);

  /** Elements that are moved at once. */
  int PIECE = 1 << 14;

  /**
   * A vector that is written from {@code tensor}, which must keep its values until then.
   *
   * <p>Spark asks for the size of what it keeps, and would walk through ND4J to find it; that is
   * what {@link KnownSizeEstimation} is for.
   */
  record OfTensor(Tensor tensor) implements FloatVector, KnownSizeEstimation {
    private static final long HEAP_BYTES = 64;

    @Override
    public long estimatedSize() {
      return HEAP_BYTES;
    }

    @Override
    public int size() {
      return Math.toIntExact(tensor.size());
    }

    @Override
    public void copyTo(Tensor target) {
      target.copyFrom(tensor);
    }

    @Override
    public float[] array() {
      return tensor.toFloats();
    }

    @Override
    public void write(Output output) {
      int size = size();
      output.writeInt(size);
      byte[] bytes = new byte[Math.min(PIECE, size) * Float.BYTES];
      FloatBuffer floats = floats(bytes);
      float[] piece = new float[Math.min(PIECE, size)];
      for (int at = 0; at < size; at += PIECE) {
        int length = Math.min(PIECE, size - at);
        if (length < piece.length) {
          piece = new float[length];
        }
        tensor.view(at, length).copyTo(piece);
        floats.clear().put(piece);
        output.writeBytes(bytes, 0, length * Float.BYTES);
      }
    }
  }

  /** A vector in the heap. */
  final class OfArray implements FloatVector {
    private final float[] values;

    /**
     * @param values not copied, and not to be changed by others than who made it
     */
    OfArray(float[] values) {
      this.values = values;
    }

    @Override
    public int size() {
      return values.length;
    }

    @Override
    public void copyTo(Tensor target) {
      target.copyFrom(values);
    }

    @Override
    public float[] array() {
      return values;
    }

    @Override
    public void write(Output output) {
      output.writeInt(values.length);
      byte[] bytes = new byte[Math.min(PIECE, values.length) * Float.BYTES];
      FloatBuffer floats = floats(bytes);
      for (int at = 0; at < values.length; at += PIECE) {
        int length = Math.min(PIECE, values.length - at);
        floats.clear().put(values, at, length);
        output.writeBytes(bytes, 0, length * Float.BYTES);
      }
    }
  }

  /** Reads what {@link #write} has written. */
  static OfArray read(Input input) {
    float[] values = new float[input.readInt()];
    byte[] bytes = new byte[Math.min(PIECE, values.length) * Float.BYTES];
    FloatBuffer floats = floats(bytes);
    for (int at = 0; at < values.length; at += PIECE) {
      int length = Math.min(PIECE, values.length - at);
      input.readBytes(bytes, 0, length * Float.BYTES);
      floats.clear().get(values, at, length);
    }
    return new OfArray(values);
  }

  private static FloatBuffer floats(byte[] bytes) {
    return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer();
  }
}
