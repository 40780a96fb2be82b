package org.wordmill.trainer;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.FloatBuffer;
import org.wordmill.train.GradientPrecision;

/** Adds slices of vectors, which come as bytes, to slices of a sum. Not for several threads. */
final class SliceAdder {
  /** Elements that go through the caches of a core at once: 16 KiB. */
  private static final int CHUNK = 1 << 12;

  private final GradientPrecision precision;
  private final ByteBuffer bytes;
  private final float[] sums = new float[CHUNK];
  private final float[] addends = new float[CHUNK];

  /**
   * @param vector like those whose slices are added
   */
  SliceAdder(KeptVector vector) {
    this.precision = vector.precision();
    this.bytes = ByteBuffer.allocate(vector.length(0) * SliceBytes.width(precision));
  }

  /**
   * Adds a slice.
   *
   * @param parts its bytes
   * @param first whether the sum begins with it, and what was there counts for nothing
   * @param sum of as many elements, from the beginning
   * @throws IOException when there are more bytes, or fewer
   */
  void add(ByteBuffer[] parts, boolean first, FloatBuffer sum) throws IOException {
    ByteBuffer whole = SliceBytes.whole(parts, bytes);
    SliceBytes.require(whole.remaining(), sum.capacity(), precision);
    for (int at = 0; at < sum.capacity(); at += CHUNK) {
      int length = Math.min(CHUNK, sum.capacity() - at);
      SliceBytes.next(whole, addends, 0, length, precision);
      if (!first) {
        sum.get(at, sums, 0, length);
        add(length);
      }
      sum.put(at, addends, 0, length);
    }
  }

  private void add(int length) {
    for (int i = 0; i < length; i++) {
      addends[i] = sums[i] + addends[i];
    }
  }
}
