package org.wordmill.lm;

/** A model or estimate that can say how a probability came about. */
public interface Explainable {

  /**
   * Explains p(token | history).
   *
   * @param history ids, first first; a history that does not begin with {@code <s>} begins in the
   *     middle of a sentence
   */
  Explanation explain(int[] history, int token);
}
