package org.wordmill.ngram;

import java.io.Serializable;

/**
 * A smoothing of raw counts, one class each. Unlike {@link KneserNey}, which takes adjusted counts
 * in the orders below the highest, each takes how often the text has an n-gram, in every order.
 *
 * <p>What it makes of them is a table of the ARPA form, exactly: the probability of each n-gram
 * that is kept, and the weight of each context. After h, a word without an n-gram hw has gamma(h)
 * p(w|h').
 */
public sealed interface CountSmoothing extends Serializable
    permits AbsoluteDiscounting, AddK, StupidBackoff, WittenBell {

  /** The name on the command line. */
  String label();

  /**
   * The weights of one order.
   *
   * @param order 1..N
   * @param countsOfCounts element j is how many n-grams of the order have the count j, for j = 1..4
   * @param vocabulary |V|, the number of words that are predicted: {@code <unk>} and {@code </s>}
   *     are, {@code <s>} is not
   * @throws org.wordmill.error.WordmillException BAD_INPUT when the counts give no weights
   */
  OrderWeights weights(int order, long[] countsOfCounts, long vocabulary, KneserNeyOptions options);

  /**
   * Whether only the longest contexts count: those of N-1 words, and shorter ones that begin with
   * {@code <s>}, which nothing precedes. The counts of all other n-grams are then taken as 0.
   */
  default boolean longestContextsOnly() {
    return false;
  }

  /** Whether the probabilities of all words after a history sum to 1. */
  default boolean isDistribution() {
    return true;
  }

  /**
   * Refuses what makes no sense with this smoothing.
   *
   * @throws org.wordmill.error.WordmillException USAGE
   */
  default void check(KneserNeyOptions options) {}
}
