package org.wordmill.train;

/**
 * Seeds derived from seeds: a hash of a few numbers, so that every random choice of a run is a
 * function of the run's seed and of what the choice is for, in whatever order and place it is made.
 */
public final class Seeds {
  private Seeds() {}

  /** Folds each number in with the finalizer of SplittableRandom (Stafford's variant 13). */
  public static long mix(long... numbers) {
    long hash = 0x9E3779B97F4A7C15L;
    for (long number : numbers) {
      hash = finish(hash * 31 + finish(number + 0x9E3779B97F4A7C15L));
    }
    return hash;
  }

  private static long finish(long z) {
    long a = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
    long b = (a ^ (a >>> 27)) * 0x94D049BB133111EBL;
    return b ^ (b >>> 31);
  }
}
