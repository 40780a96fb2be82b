package org.wordmill.format.ngramtable;

import java.util.Arrays;

/**
 * A scalar quantiser of at most 256 values: 0 itself, and 255 centres that Lloyd's algorithm (1957)
 * places so that the mean squared error is small. Values are counted in 2^20 buckets, each a few
 * units of the twelfth significant bit wide, so that memory does not grow with the number of
 * values. The same values give the same centres in any order.
 */
final class Quantizer {
  static final int CODES = 256;
  private static final int BUCKETS = 1 << 20;
  private static final int DROPPED_BITS = 12;
  private static final int ITERATIONS = 30;

  private final long[] counts = new long[BUCKETS];

  void add(float value) {
    if (value != 0) {
      counts[Float.floatToRawIntBits(value) >>> DROPPED_BITS]++;
    }
  }

  /** The values that the codes stand for, ascending, the last one repeated. */
  float[] centres() {
    double[] values = new double[BUCKETS];
    long[] weights = new long[BUCKETS];
    int used = 0;
    for (int i = 0; i < BUCKETS; i++) {
      // Negative floats descend as their bits ascend.
      int bucket = i < BUCKETS / 2 ? BUCKETS - 1 - i : i - BUCKETS / 2;
      if (counts[bucket] > 0) {
        int middle = bucket << DROPPED_BITS | 1 << DROPPED_BITS - 1;
        double value = Float.intBitsToFloat(middle);
        // Minus infinity is what some tools write for a probability of 0.
        values[used] = Double.isFinite(value) ? value : -Float.MAX_VALUE;
        weights[used++] = counts[bucket];
      }
    }
    double[] centres = lloyd(Arrays.copyOf(values, used), Arrays.copyOf(weights, used));
    float[] codes = new float[CODES];
    for (int i = 0; i < centres.length; i++) {
      codes[i] = (float) centres[i];
    }
    int size = centres.length + 1;
    Arrays.sort(codes, 0, size); // With the 0 that stood behind the centres.
    Arrays.fill(codes, size, CODES, codes[size - 1]);
    return codes;
  }

  private static double[] lloyd(double[] values, long[] weights) {
    int size = Math.min(CODES - 1, values.length);
    if (values.length == size) {
      return values;
    }
    double total = Arrays.stream(weights).sum();
    double[] centres = new double[size];
    double before = 0;
    for (int i = 0, next = 0; i < values.length; i++) {
      before += weights[i];
      while (next < size && before >= total * (next + 0.5) / size) {
        centres[next++] = values[i];
      }
    }
    for (int iteration = 0; iteration < ITERATIONS; iteration++) {
      double[] sums = new double[size];
      double[] shares = new double[size];
      int centre = 0;
      for (int i = 0; i < values.length; i++) {
        while (centre + 1 < size
            && Math.abs(centres[centre + 1] - values[i]) <= Math.abs(centres[centre] - values[i])) {
          centre++;
        }
        sums[centre] += weights[i] * values[i];
        shares[centre] += weights[i];
      }
      for (int c = 0; c < size; c++) {
        centres[c] = shares[c] == 0 ? centres[c] : sums[c] / shares[c];
      }
      Arrays.sort(centres);
    }
    return centres;
  }

  /** The code of the centre, of the 256 at {@code from}, that is nearest to a value; 0 is exact. */
  static int code(float[] centres, int from, float value) {
    float finite = value == Float.NEGATIVE_INFINITY ? -Float.MAX_VALUE : value;
    int at = Arrays.binarySearch(centres, from, from + CODES, finite + 0f); // -0 is 0.
    if (at >= 0) {
      return at - from;
    }
    int above = -at - 1;
    if (above == from || above == from + CODES) {
      return above == from ? 0 : CODES - 1;
    }
    return (finite - centres[above - 1] <= centres[above] - finite ? above - 1 : above) - from;
  }
}
