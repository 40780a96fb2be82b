package org.wordmill.ngram;

import java.util.Arrays;
import org.wordmill.text.Vocabulary;

/**
 * How often each n-gram of length 1..N occurs in a text whose sentences are {@code <s> w_1 ... w_m
 * </s>}; n-grams do not cross sentences. Exact, in memory; made by {@link NgramCounter}.
 *
 * <p>The unigram {@code <s>} counts the sentences. Immutable and safe for use by many threads.
 */
public final class NgramCounts {
  private final Vocabulary vocabulary;
  private final NgramLevel[] levels;
  private final long[][] counts;

  /**
   * @param levels orders 2, 3, ..., N
   * @param counts by order from 1, then by number of the n-gram
   */
  NgramCounts(Vocabulary vocabulary, NgramLevel[] levels, long[][] counts) {
    this.vocabulary = vocabulary;
    this.levels = levels;
    this.counts = counts;
  }

  /** N, the length of the longest n-grams. */
  public int order() {
    return counts.length;
  }

  public Vocabulary vocabulary() {
    return vocabulary;
  }

  /** How many different n-grams of a length there are; of length 1, the size of the vocabulary. */
  public int size(int order) {
    return order == 1 ? vocabulary.size() : levels[order - 2].size();
  }

  /** How often the n-gram of these word ids occurs; at most N words. */
  public long count(int... ngram) {
    int index = ngram[0];
    for (int k = 2; k <= ngram.length && index != NgramLevel.NONE; k++) {
      index = levels[k - 2].find(index, ngram[k - 1]);
    }
    return index == NgramLevel.NONE ? 0 : counts[ngram.length - 1][index];
  }

  /** How many words and sentence ends there are: every event that a model predicts. */
  public long tokens() {
    return Arrays.stream(counts[0]).sum() - counts[0][vocabulary.begin()];
  }

  NgramLevel[] levels() {
    return levels;
  }

  /** The count of the n-gram with a number in its order. */
  long countAt(int order, int index) {
    return counts[order - 1][index];
  }
}
