package org.wordmill.train;

import org.wordmill.error.ExitCode;
import org.wordmill.error.WordmillException;
import org.wordmill.kernel.Tensor;

/**
 * How exactly the gradient of a partition is known to those who add gradients up.
 *
 * <p>Rounding is a part of {@link TrainingStep}, and so of the pure function that every way of
 * synchronising computes: it changes the numbers of a run, and the bits are still the same whoever
 * adds up, and whatever is run twice. Ways that send messages send what is left.
 */
public enum GradientPrecision {
  /** 32-bit floats, as they are computed. */
  FLOAT,
  /**
   * The upper 16 bits of them (bfloat16), rounded up or down at random, with the odds that make the
   * mean exact; so errors do not add up from step to step, and no worker has to remember one. The
   * choice is a function of (seed, step, partition, element).
   */
  BF16;

  /** Elements that are rounded at once. */
  private static final int PIECE = 1 << 16;

  /** Elements whose 16 random bits are in one number. */
  private static final int TOGETHER = 4;

  /** The bits that go. */
  private static final int LOWER = 0xFFFF;

  /** Rounds all elements in place. */
  void round(Tensor gradient, long seed) {
    if (this == FLOAT) {
      return;
    }
    int size = Math.toIntExact(gradient.size());
    for (int at = 0; at < size; at += PIECE) {
      Tensor part = gradient.view(at, Math.min(PIECE, size - at));
      float[] values = part.toFloats();
      round(values, seed, at);
      part.copyFrom(values);
    }
  }

  private static void round(float[] values, long seed, int from) {
    for (int i = 0; i < values.length; i += TOGETHER) {
      long random = Seeds.mix(seed, from + i);
      int end = Math.min(values.length, i + TOGETHER);
      for (int j = i; j < end; j++) {
        values[j] = rounded(values[j], (int) random & LOWER);
        random >>>= Short.SIZE;
      }
    }
  }

  /** Carries into the upper bits as often as the lower ones are large; away from 0, then. */
  private static float rounded(float value, int random) {
    // Not every NaN has upper bits that say so.
    return Float.isFinite(value)
        ? Float.intBitsToFloat((Float.floatToRawIntBits(value) + random) & ~LOWER)
        : Float.isNaN(value) ? Float.NaN : value;
  }

  /**
   * Checks that there are gradients to send at every step.
   *
   * @throws WordmillException USAGE when replicas make local steps
   */
  public void requireFitting(OuterStep outer) {
    if (this != FLOAT && outer.isPresent()) {
      throw new WordmillException(
          ExitCode.USAGE,
          "replicas that make local steps send parameters, and no gradients to be rounded",
          "outer.local_steps = " + outer.localSteps() + ", gradients = bf16",
          "set gradients=float, or outer.local_steps=0");
    }
  }
}
