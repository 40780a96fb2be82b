package org.wordmill.format.arpa;

import java.io.IOException;
import org.wordmill.text.Vocabulary;
import org.wordmill.text.WordIds;

/**
 * What is made of an ARPA file while it is read: first {@link #unigrams}, then for each order above
 * {@link #beginOrder}, its n-grams and {@link #endOrder}.
 */
public interface ArpaSink {

  /** What became of an n-gram. */
  enum Outcome {
    ADDED,
    /** Its first words are not an n-gram of the order below. */
    MISSING_CONTEXT,
    /** It was there already. */
    DUPLICATE
  }

  /**
   * Takes the words, and all n-grams of order 1 by their ids.
   *
   * @param order N, the length of the longest n-grams
   * @param words have {@code <s>}, {@code </s>} and {@code <unk>}; no more words will come
   * @param vocabulary the same words
   */
  void unigrams(
      int order,
      WordIds words,
      Vocabulary vocabulary,
      float[] log10Probabilities,
      float[] log10Backoffs)
      throws IOException;

  /**
   * @param count how many n-grams the header promises
   */
  void beginOrder(int order, long count) throws IOException;

  /**
   * Takes an n-gram.
   *
   * @param ngram its word ids are {@code ngram[0..order)}; reused for the next
   * @param log10Backoff 0 in the highest order
   */
  Outcome add(int[] ngram, int order, float log10Probability, float log10Backoff)
      throws IOException;

  void endOrder(int order) throws IOException;
}
