package org.wordmill.lm;

import java.util.Arrays;

/**
 * The weights of a {@link Mixture} under which a held-out text is likeliest, by the
 * expectation-maximization algorithm (Jelinek and Mercer 1980): each model's weight becomes its
 * mean share in the probabilities of the text's tokens, until that changes nothing.
 *
 * <pre>
 * lambda_i &lt;- 1/T sum_t lambda_i p_i(w_t|h_t) / sum_j lambda_j p_j(w_t|h_t)
 * </pre>
 *
 * <p>The likelihood is concave in the weights, so where it begins does not matter.
 */
public final class MixtureWeights {
  private static final double SMALLEST_CHANGE = 1e-7;
  private static final int MOST_STEPS = 10_000;

  private MixtureWeights() {}

  /**
   * Fits the weights, which sum to 1.
   *
   * @param logProbabilities of each model, those of all tokens of the text; natural logarithms
   * @throws IllegalArgumentException when there is no model, no token, or models have different
   *     numbers of tokens
   */
  public static double[] fit(double[][] logProbabilities) {
    int models = logProbabilities.length;
    if (models == 0 || logProbabilities[0].length == 0) {
      throw new IllegalArgumentException("weights need models and a text");
    }
    int tokens = logProbabilities[0].length;
    double[][] probabilities = new double[models][];
    for (int i = 0; i < models; i++) {
      if (logProbabilities[i].length != tokens) {
        throw new IllegalArgumentException(
            "%d tokens of one model, %d of another".formatted(tokens, logProbabilities[i].length));
      }
      probabilities[i] = Arrays.stream(logProbabilities[i]).map(Math::exp).toArray();
    }
    double[] weights = new double[models];
    Arrays.fill(weights, 1.0 / models);
    double change = 1;
    for (int step = 0; step < MOST_STEPS && change > SMALLEST_CHANGE; step++) {
      double[] shares = shares(probabilities, weights);
      change = 0;
      for (int i = 0; i < models; i++) {
        change = Math.max(change, Math.abs(shares[i] - weights[i]));
      }
      weights = shares;
    }
    return weights;
  }

  /** The mean share of each model; tokens that no model holds possible have nothing to share. */
  private static double[] shares(double[][] probabilities, double[] weights) {
    double[] shares = new double[weights.length];
    double shared = 0;
    for (int t = 0; t < probabilities[0].length; t++) {
      double sum = 0;
      for (int i = 0; i < weights.length; i++) {
        sum += weights[i] * probabilities[i][t];
      }
      if (sum > 0) {
        shared++;
        for (int i = 0; i < weights.length; i++) {
          shares[i] += weights[i] * probabilities[i][t] / sum;
        }
      }
    }
    for (int i = 0; i < weights.length; i++) {
      shares[i] = shared == 0 ? weights[i] : shares[i] / shared;
    }
    return shares;
  }
}
