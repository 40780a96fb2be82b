package org.wordmill.trainer;

import java.io.IOException;
import java.nio.ByteBuffer;

/** Adds slices of vectors, which come as bytes, to a sum in the heap. Not for several threads. */
final class SliceAdder {
  private final float[] sum;
  private final int from;
  private final ByteBuffer bytes;
  private final float[] addend;

  /**
   * @param sum where it is taken, whatever there is
   * @param from the element of the vectors that the first of {@code sum} belongs to
   * @param slice elements of a slice at most
   */
  SliceAdder(float[] sum, int from, int slice) {
    this.sum = sum;
    this.from = from;
    this.addend = new float[Math.min(slice, sum.length)];
    this.bytes = ByteBuffer.allocate(addend.length * Float.BYTES);
  }

  /**
   * Adds a slice.
   *
   * @param first whether the sum begins with it, and what was there counts for nothing
   * @param parts the bytes of slice {@code number} of {@code vector}
   */
  void add(KeptVector vector, boolean first, int number, ByteBuffer[] parts) throws IOException {
    int at = vector.from(number) - from;
    int length = vector.length(number);
    ByteBuffer whole = SliceBytes.whole(parts, bytes);
    if (first) {
      SliceBytes.read(whole, sum, at, length, vector.precision());
    } else {
      SliceBytes.read(whole, addend, 0, length, vector.precision());
      add(at, length);
    }
  }

  private void add(int at, int length) {
    for (int i = 0; i < length; i++) {
      sum[at + i] += addend[i];
    }
  }
}
