package org.wordmill.kernel;

/**
 * Which elements dropout keeps: a pure function of a seed and the element's index, so that the mask
 * is never stored, and is the same for every kernel implementation and every number of threads.
 *
 * <p>Element i is kept when the upper 24 bits of a 32-bit hash of (seed, i) are at least rate 2^24.
 * The hash is the finalizer of MurmurHash3 applied twice, with half of the (mixed) seed added to
 * the index before each; 32-bit arithmetic throughout, because vector units multiply that fast.
 */
public record DropoutMask(int firstKey, int secondKey, int threshold, double scale) {
  static final int MULTIPLIER_1 = 0x85EBCA6B;
  static final int MULTIPLIER_2 = 0xC2B2AE35;

  /**
   * @param rate the share of elements that are dropped, in [0, 1)
   */
  public static DropoutMask of(double rate, long seed) {
    if (!(rate >= 0 && rate < 1)) {
      throw new IllegalArgumentException("a dropout rate lies in [0, 1), not " + rate);
    }
    long mixed = (seed ^ (seed >>> 30)) * 0xBF58476D1CE4E5B9L;
    mixed = (mixed ^ (mixed >>> 27)) * 0x94D049BB133111EBL;
    mixed ^= mixed >>> 31;
    return new DropoutMask(
        (int) mixed, (int) (mixed >>> 32), (int) Math.round(rate * (1 << 24)), 1 / (1 - rate));
  }

  boolean keeps(int index) {
    int hash = mix(mix(index + firstKey) + secondKey);
    return hash >>> 8 >= threshold;
  }

  /** 0 or 1 / (1 - rate). */
  float factor(int index) {
    return keeps(index) ? (float) scale : 0;
  }

  /** Factor of elements {@code from .. from + factors.length}: 0 or 1 / (1 - rate). */
  void factors(int from, double[] factors) {
    for (int i = 0; i < factors.length; i++) {
      factors[i] = keeps(from + i) ? scale : 0;
    }
  }

  private static int mix(int hash) {
    int h = hash;
    h = (h ^ (h >>> 16)) * MULTIPLIER_1;
    h = (h ^ (h >>> 13)) * MULTIPLIER_2;
    return h ^ (h >>> 16);
  }
}
