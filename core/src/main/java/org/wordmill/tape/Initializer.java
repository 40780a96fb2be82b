package org.wordmill.tape;

import java.util.random.RandomGenerator;

/** The distribution that a parameter's elements are drawn from before training. */
public sealed interface Initializer {

  /** Every element is {@code value}. */
  record Constant(double value) implements Initializer {}

  /** Every element is normal with mean 0. */
  record Normal(double standardDeviation) implements Initializer {}

  /** Every element is uniform in [-limit, limit). */
  record Uniform(double limit) implements Initializer {}

  /** One element. */
  default double draw(RandomGenerator random) {
    if (this instanceof Constant constant) {
      return constant.value();
    }
    if (this instanceof Normal normal) {
      return normal.standardDeviation() * random.nextGaussian();
    }
    return ((Uniform) this).limit() * (2 * random.nextDouble() - 1);
  }
}
