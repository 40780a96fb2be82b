package org.wordmill.optim;

import java.io.Serializable;

/** The learning rate as a function of the step, counted from 0. */
public sealed interface LearningRate extends Serializable {

  /** The name in presets and checkpoints. */
  String kind();

  double at(long step);

  /** The same rate at every step. */
  record Constant(double rate) implements LearningRate {
    public Constant {
      requireRate("the learning rate", rate);
    }

    @Override
    public String kind() {
      return "constant";
    }

    @Override
    public double at(long step) {
      return rate;
    }
  }

  /**
   * A linear rise from nearly zero to {@code peak} over the first {@code warmUpSteps} steps, then
   * half a cosine down to {@code minimum} at step {@code decaySteps}, where it stays.
   */
  record Cosine(double peak, double minimum, long warmUpSteps, long decaySteps)
      implements LearningRate {
    public Cosine {
      requireRate("the peak of the learning rate", peak);
      if (!(minimum >= 0 && minimum <= peak)) {
        throw new IllegalArgumentException(
            "the minimum of the learning rate must be in [0, " + peak + "], got " + minimum);
      }
      if (warmUpSteps < 0 || decaySteps < warmUpSteps) {
        throw new IllegalArgumentException(
            "warm-up must end before the decay does, got " + warmUpSteps + " and " + decaySteps);
      }
    }

    @Override
    public String kind() {
      return "cosine";
    }

    @Override
    public double at(long step) {
      if (step < warmUpSteps) {
        return peak * (step + 1) / (warmUpSteps + 1);
      }
      if (step >= decaySteps) {
        return minimum;
      }
      double progress = (step - warmUpSteps) / (double) (decaySteps - warmUpSteps);
      return minimum + (peak - minimum) * (1 + Math.cos(Math.PI * progress)) / 2;
    }
  }

  private static void requireRate(String name, double rate) {
    if (!(rate >= 0) || Double.isInfinite(rate)) {
      throw new IllegalArgumentException(name + " must be finite and not negative, got " + rate);
    }
  }
}
