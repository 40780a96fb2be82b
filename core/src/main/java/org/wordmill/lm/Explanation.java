package org.wordmill.lm;

import java.util.List;

/**
 * How one factor of the chain rule, log p(token | history), came about, step by step: what was
 * looked up or computed, with the numbers put into the formula, and what came out.
 *
 * @param event such as {@code p(corn | cows eat)}
 * @param logProbability natural logarithm; what {@link LanguageModel#logProbability} says, or what
 *     an estimator computes
 */
public record Explanation(String event, List<Step> steps, double logProbability) {

  /**
   * One step.
   *
   * @param what in words or as a formula
   * @param numbers the formula with its numbers; empty where nothing was computed
   * @param value the result
   */
  public record Step(String what, String numbers, double value) {}

  public Explanation {
    steps = List.copyOf(steps);
  }

  /** p(token | history). */
  public double probability() {
    return Math.exp(logProbability);
  }

  /** The name of an event: {@code p(token | history)}, or {@code p(token)} without a history. */
  public static String event(String token, List<String> history) {
    return history.isEmpty()
        ? "p(" + token + ")"
        : "p(" + token + " | " + String.join(" ", history) + ")";
  }
}
