package org.wordmill.model;

import java.util.OptionalDouble;

/**
 * What training costs: 6 N D floating point operations for N parameters and D tokens, two for each
 * parameter and token forward (a product and a sum) and twice as many backward. Attention to the
 * context, whose cost grows with its length, is not counted; it is small beside the matrices as
 * long as the context is not much longer than the model is wide.
 *
 * <p>Source: Kaplan et al., Scaling laws for neural language models, 2020, section 2.1; Brown et
 * al., Language models are few-shot learners, 2020, appendix D.
 *
 * @param parameters N
 * @param tokens D
 */
public record TrainingCost(long parameters, double tokens) {
  private static final double OPERATIONS = 6;
  private static final double SECONDS_PER_DAY = 86_400;
  private static final double PETA = 1e15;

  public TrainingCost {
    if (parameters < 0 || !(tokens > 0) || Double.isInfinite(tokens)) {
      throw new IllegalArgumentException(
          "a cost is that of a number of parameters and tokens, got %d and %s"
              .formatted(parameters, tokens));
    }
  }

  /** The operations of one token; empty for taggers, whose sentences are filled up to a length. */
  public static OptionalDouble ofToken(ModelConfig model, long parameters) {
    return model instanceof TaggerConfig
        ? OptionalDouble.empty()
        : OptionalDouble.of(new TrainingCost(parameters, 1).operations());
  }

  /** Floating point operations. */
  public double operations() {
    return OPERATIONS * parameters * tokens;
  }

  /** Days of a machine that does 10^15 operations a second. */
  public double petaflopDays() {
    return operations() / (PETA * SECONDS_PER_DAY);
  }

  /** How long a machine of this rate takes, in seconds. */
  public double seconds(double operationsPerSecond) {
    return operations() / operationsPerSecond;
  }
}
