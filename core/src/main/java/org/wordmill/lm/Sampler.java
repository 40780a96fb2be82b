package org.wordmill.lm;

import java.util.Arrays;
import java.util.random.RandomGenerator;

/**
 * A weighted die with a side for each token: draws the next token from log-probabilities.
 *
 * <p>The weights are p^(1/T), restricted first to the k most likely tokens, then to the fewest most
 * likely tokens whose share of what is left reaches p (Holtzman et al. 2020), and drawn in
 * proportion. Temperature 0 is greedy: always the most likely token, the one of the lowest id among
 * equals. Equal random numbers give equal tokens.
 *
 * @param temperature T &gt;= 0; 1 leaves the model's probabilities as they are
 * @param topK k, or 0 for all tokens
 * @param topP p in (0, 1]; 1 for all tokens
 */
public record Sampler(double temperature, int topK, double topP) {

  /** Draws from the model's own probabilities. */
  public static final Sampler PLAIN = new Sampler(1, 0, 1);

  /** Takes the most likely token. */
  public static final Sampler GREEDY = new Sampler(0, 0, 1);

  public Sampler {
    if (!(temperature >= 0) || temperature == Double.POSITIVE_INFINITY) {
      throw new IllegalArgumentException("the temperature is " + temperature + ", expected >= 0");
    }
    if (topK < 0) {
      throw new IllegalArgumentException("top-k is " + topK + ", expected >= 0");
    }
    if (!(topP > 0 && topP <= 1)) {
      throw new IllegalArgumentException("top-p is " + topP + ", expected in (0, 1]");
    }
  }

  /**
   * Draws one token.
   *
   * @param logProbabilities by token, natural logarithm up to a constant; negative infinity for a
   *     token that must not be drawn
   * @throws IllegalArgumentException if no token may be drawn, or a value is NaN or +infinity
   */
  public int sample(float[] logProbabilities, RandomGenerator random) {
    int best = mostLikely(logProbabilities);
    if (temperature == 0 || topK == 1) {
      return best;
    }
    double[] weights = new double[logProbabilities.length];
    for (int i = 0; i < weights.length; i++) {
      double relative = (double) logProbabilities[i] - logProbabilities[best];
      weights[i] = Math.exp(relative / temperature);
    }
    if (topK > 0 || topP < 1) {
      restrict(logProbabilities, weights);
    }
    return draw(weights, random);
  }

  private static int mostLikely(float[] logProbabilities) {
    int best = 0;
    for (int i = 0; i < logProbabilities.length; i++) {
      if (Float.isNaN(logProbabilities[i]) || logProbabilities[i] == Float.POSITIVE_INFINITY) {
        throw new IllegalArgumentException(
            "the log-probability of token " + i + " is " + logProbabilities[i]);
      }
      if (logProbabilities[i] > logProbabilities[best]) {
        best = i;
      }
    }
    if (logProbabilities.length == 0 || logProbabilities[best] == Float.NEGATIVE_INFINITY) {
      throw new IllegalArgumentException("no token has a probability above 0");
    }
    return best;
  }

  /** Sets the weights of the tokens outside top-k and top-p to 0. */
  private void restrict(float[] logProbabilities, double[] weights) {
    long[] byRank = new long[weights.length];
    for (int i = 0; i < byRank.length; i++) {
      byRank[i] = (long) descending(logProbabilities[i]) << 32 | i;
    }
    Arrays.sort(byRank);
    int kept = topK == 0 ? weights.length : Math.min(topK, weights.length);
    double total = 0;
    for (int rank = 0; rank < kept; rank++) {
      total += weights[(int) byRank[rank]];
    }
    double sum = 0;
    for (int rank = 0; rank < weights.length; rank++) {
      int token = (int) byRank[rank];
      boolean enough = rank >= kept || (topP < 1 && sum >= topP * total);
      sum += weights[token];
      weights[token] = enough ? 0 : weights[token];
    }
  }

  /** An int whose order is the reverse of the order of floats. */
  private static int descending(float value) {
    int bits = Float.floatToIntBits(value);
    return bits < 0 ? bits ^ Integer.MIN_VALUE : ~bits;
  }

  private static int draw(double[] weights, RandomGenerator random) {
    double total = 0;
    for (double weight : weights) {
      total += weight;
    }
    double left = random.nextDouble() * total;
    int last = 0;
    for (int i = 0; i < weights.length; i++) {
      if (weights[i] > 0) {
        left -= weights[i];
        last = i;
        if (left < 0) {
          break;
        }
      }
    }
    return last; // Rounding may leave a rest behind the last side; it belongs to that side.
  }
}
