package org.wordmill.counter;

import java.io.Serializable;
import org.wordmill.ngram.ContextSums;
import org.wordmill.ngram.OrderWeights;

/**
 * What an estimation keeps by single word, as arrays over the vocabulary: the unigram
 * probabilities, and for each word as a context c(h.) and gamma(h). The driver computes it; every
 * task reads it.
 */
final class UnigramModel implements Serializable {
  private static final long serialVersionUID = 1L;

  private final double[] probability;
  private final long[] contextTotal;
  private final int[] contextTypes;
  private final double[] backoff;
  private final boolean[] kept;

  private UnigramModel(int size) {
    probability = new double[size];
    contextTotal = new long[size];
    contextTypes = new int[size];
    backoff = new double[size];
    kept = new boolean[size];
  }

  /**
   * @param counts unigram counts by word that the smoothing takes, 0 for {@code <s>}
   * @param kept which unigrams pruning leaves; the reserved words always
   * @param contexts sums by context
   * @param unigrams weights of order 1
   * @param bigrams weights of order 2; of order 1 again for a unigram model, where unused
   * @param interpolate whether the freed mass is spread over the vocabulary, or all goes to {@code
   *     <unk>}
   */
  static UnigramModel estimate(
      long[] counts,
      boolean[] kept,
      WordSums contexts,
      OrderWeights unigrams,
      OrderWeights bigrams,
      boolean interpolate) {
    UnigramModel model = new UnigramModel(counts.length);
    System.arraycopy(kept, 0, model.kept, 0, kept.length);
    long total = 0;
    long pruned = 0;
    long prunedTypes = 0;
    long[] n = new long[4];
    int keptWords = 0;
    for (int word = 0; word < counts.length; word++) {
      total += counts[word];
      if (!kept[word]) {
        pruned += counts[word];
        prunedTypes += counts[word] == 0 ? 0 : 1;
      } else {
        keptWords++;
        if (counts[word] > 0) {
          n[(int) Math.min(counts[word], 3)]++;
        }
      }
    }
    ContextSums sums = new ContextSums(total, n[1], n[2], n[3], pruned, prunedTypes);
    double gamma = unigrams.interpolates() ? unigrams.gamma(sums) : 0;
    // |V| has <unk> and </s> and not <s>.
    double floor = interpolate ? gamma / (keptWords - 1) : 0;
    for (int word = 0; word < counts.length; word++) {
      model.probability[word] = unigrams.own(counts[word], total, sums.types()) + floor;
      ContextSums context = contexts.context(word);
      model.contextTotal[word] = context.total();
      model.contextTypes[word] = (int) context.types();
      model.backoff[word] = context.total() == 0 ? 1 : bigrams.gamma(context);
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

  /** c(h.) of a word. */
  long contextTotal(int word) {
    return contextTotal[word];
  }

  /** T(h), how many different words follow a word. */
  int contextTypes(int word) {
    return contextTypes[word];
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
