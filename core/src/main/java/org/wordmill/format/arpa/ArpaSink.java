package org.wordmill.format.arpa;

import java.io.IOException;
import org.jspecify.annotations.Nullable;
import org.wordmill.text.Vocabulary;
import org.wordmill.text.WordIds;

/**
 * What is made of an ARPA file while it is read: first {@link #unigrams}, then for each order above
 * {@link #beginOrder}, its n-grams and {@link #endOrder}.
 */
public interface ArpaSink {

  /** Why an n-gram cannot be taken. */
  enum Fault {
    /** Its first words are not an n-gram of the order below. */
    MISSING_CONTEXT,
    /** It was there already. */
    DUPLICATE
  }

  /**
   * An n-gram that cannot be taken.
   *
   * @param index its place in its batch
   */
  record Refusal(int index, Fault fault) {}

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
   * Takes n-grams of the order that was begun. It may be called in another thread than the other
   * methods, but never while one of them runs.
   *
   * @param batch reused for the next
   * @return the first that cannot be taken, which ends the reading; null when all are
   */
  @Nullable Refusal add(ArpaBatch batch) throws IOException;

  void endOrder(int order) throws IOException;
}
