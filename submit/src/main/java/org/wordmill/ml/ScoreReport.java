package org.wordmill.ml;

import java.util.List;

/**
 * What was scored.
 *
 * @param output the directory
 * @param rows that were read
 * @param kept rows that were written
 * @param malformed rows that were left out because they are malformed
 * @param tokens of all rows, the ones that are left out for their perplexity too
 * @param oov tokens that the model does not know
 * @param logProbability of all tokens, natural logarithm
 * @param bounds the perplexities between the buckets, ascending; none without buckets
 * @param seconds from the model's being there to the output's
 */
public record ScoreReport(
    String output,
    long rows,
    long kept,
    long malformed,
    long tokens,
    long oov,
    double logProbability,
    List<Double> bounds,
    double seconds) {

  /** Of all tokens, unknown words as {@code <unk>}. */
  public double perplexity() {
    return Math.exp(-logProbability / tokens);
  }

  public double tokensPerSecond() {
    return tokens / seconds;
  }
}
