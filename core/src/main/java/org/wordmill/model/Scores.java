package org.wordmill.model;

/** Rows of scores [n, V] as logarithms of probabilities. */
final class Scores {
  private Scores() {}

  /**
   * log of the sum of exp of the V scores of one row, without overflow.
   *
   * @param row the index of its first score
   */
  static double logNormalizer(float[] scores, int row, int vocabularySize) {
    float largest = Float.NEGATIVE_INFINITY;
    for (int v = 0; v < vocabularySize; v++) {
      largest = Math.max(largest, scores[row + v]);
    }
    double sum = 0;
    for (int v = 0; v < vocabularySize; v++) {
      sum += Math.exp(scores[row + v] - largest);
    }
    return largest + Math.log(sum);
  }
}
