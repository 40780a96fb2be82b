package org.wordmill.counter;

import java.io.Serializable;
import org.wordmill.ngram.Discounts;

/**
 * What Kneser-Ney keeps by single word, as arrays over the vocabulary: the unigram probabilities,
 * and for each word as a context c(h.) and gamma(h). The driver computes it; every task reads it.
 */
final class UnigramModel implements Serializable {
  private static final long serialVersionUID = 1L;

  private final double[] probability;
  private final long[] contextTotal;
  private final double[] backoff;
  private final boolean[] kept;

  private UnigramModel(int size) {
    probability = new double[size];
    contextTotal = new long[size];
    backoff = new double[size];
    kept = new boolean[size];
  }

  /**
   * @param counts adjusted unigram counts by word, 0 for {@code <unk>} and {@code <s>}
   * @param kept which unigrams pruning leaves; the reserved words always
   * @param contexts sums by context
   * @param unigrams discounts of order 1
   * @param bigrams discounts of order 2; of order 1 again for a unigram model, where unused
   * @param interpolate whether the freed mass is spread over the vocabulary, or all goes to {@code
   *     <unk>}
   */
  static UnigramModel estimate(
      long[] counts,
      boolean[] kept,
      WordSums contexts,
      Discounts unigrams,
      Discounts bigrams,
      boolean interpolate) {
    UnigramModel model = new UnigramModel(counts.length);
    System.arraycopy(kept, 0, model.kept, 0, kept.length);
    long total = 0;
    long pruned = 0;
    long[] n = new long[4];
    int keptWords = 0;
    for (int word = 0; word < counts.length; word++) {
      total += counts[word];
      if (!kept[word]) {
        pruned += counts[word];
      } else {
        keptWords++;
        if (counts[word] > 0) {
          n[(int) Math.min(counts[word], 3)]++;
        }
      }
    }
    double gamma = unigrams.gamma(n[1], n[2], n[3], pruned, total);
    // |V| has <unk> and </s> and not <s>.
    double floor = interpolate ? gamma / (keptWords - 1) : 0;
    for (int word = 0; word < counts.length; word++) {
      model.probability[word] = unigrams.discounted(counts[word], total) + floor;
      long context = contexts.get(word, WordSums.TOTAL);
      model.contextTotal[word] = context;
      model.backoff[word] =
          context == 0
              ? 1
              : bigrams.gamma(
                  contexts.get(word, WordSums.N1),
                  contexts.get(word, WordSums.N1 + 1),
                  contexts.get(word, WordSums.N3_PLUS),
                  contexts.get(word, WordSums.PRUNED),
                  context);
    }
    if (!interpolate) {
      model.probability[Words.UNKNOWN] += gamma;
    }
    // Context only: its entry says 1 so that scoring it changes nothing.
    model.probability[Words.BEGIN] = 1;
    return model;
  }

  double probability(int word) {
    return probability[word];
  }

  long contextTotal(int word) {
    return contextTotal[word];
  }

  /** gamma(word), 1 for a word that is no context. */
  double backoff(int word) {
    return backoff[word];
  }

  boolean isKept(int word) {
    return kept[word];
  }

  int size() {
    return probability.length;
  }
}
