package org.wordmill.optim;

import java.io.Serializable;

/**
 * Clipping by the global norm: a gradient longer than {@code maximumNorm} is shortened to it, with
 * its direction kept. Source: Pascanu, Mikolov, Bengio, On the difficulty of training recurrent
 * neural networks.
 *
 * @param maximumNorm 0 clips nothing
 */
public record GradientClipping(double maximumNorm) implements Serializable {

  public GradientClipping {
    if (!(maximumNorm >= 0)) {
      throw new IllegalArgumentException(
          "the largest gradient norm must not be negative, got " + maximumNorm);
    }
  }

  /** What to multiply a gradient of this norm with. */
  public double factor(double norm) {
    return maximumNorm > 0 && norm > maximumNorm ? maximumNorm / norm : 1;
  }
}
