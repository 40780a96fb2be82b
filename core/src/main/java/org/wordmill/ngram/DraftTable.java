package org.wordmill.ngram;

import java.util.Arrays;
import java.util.BitSet;
import org.wordmill.text.Vocabulary;

/**
 * A back-off table in the making, in doubles: n-grams with probabilities, of which some may be
 * removed, and the back-off weights that make the rest a distribution. Every n-gram's context is in
 * the table.
 */
final class DraftTable {
  private static final double LOG10_ZERO = -99;

  /** Below this, what the order below gives to words without an n-gram is rounding. */
  private static final double NOTHING = 1e-12;

  private final Vocabulary vocabulary;
  private final NgramLevel[] levels;
  private final double[][] probabilities;
  private final double[][] weights;
  private final BitSet[] removed;

  /**
   * @param levels orders 2, 3, ..., N
   * @param probabilities by order from 1, then by number of the n-gram; kept, not copied
   */
  DraftTable(Vocabulary vocabulary, NgramLevel[] levels, double[][] probabilities) {
    this.vocabulary = vocabulary;
    this.levels = levels;
    this.probabilities = probabilities;
    weights = new double[levels.length][];
    Arrays.setAll(weights, i -> new double[size(i + 1)]);
    for (double[] ofOrder : weights) {
      Arrays.fill(ofOrder, 1);
    }
    removed = new BitSet[order()];
    Arrays.setAll(removed, i -> new BitSet());
  }

  /** The table of a model, with its weights. */
  static DraftTable of(BackoffModel model) {
    double[][] probabilities = new double[model.order()][];
    for (int k = 1; k <= model.order(); k++) {
      int ofOrder = k;
      probabilities[k - 1] = new double[model.size(k)];
      Arrays.setAll(probabilities[k - 1], i -> Math.pow(10, model.log10Probability(ofOrder, i)));
    }
    DraftTable draft = new DraftTable(model.vocabulary(), model.levels(), probabilities);
    for (int k = 1; k < model.order(); k++) {
      for (int i = 0; i < model.size(k); i++) {
        draft.weights[k - 1][i] = Math.pow(10, model.log10Backoff(k, i));
      }
    }
    return draft;
  }

  int order() {
    return probabilities.length;
  }

  /** How many n-grams of an order there are, removed ones too. */
  int size(int order) {
    return order == 1 ? vocabulary.size() : levels[order - 2].size();
  }

  /** How many n-grams of an order are removed. */
  int removed(int order) {
    return removed[order - 1].cardinality();
  }

  boolean isRemoved(int order, int index) {
    return removed[order - 1].get(index);
  }

  /** Removes an n-gram, which must be no context of others that are there. */
  void remove(int order, int index) {
    removed[order - 1].set(index);
  }

  double probability(int order, int index) {
    return probabilities[order - 1][index];
  }

  /** The back-off weight of an n-gram below the highest order. */
  double weight(int order, int index) {
    return weights[order - 1][index];
  }

  NgramLevel level(int order) {
    return levels[order - 2];
  }

  /** The word ids of an n-gram. */
  int[] words(int order, int index) {
    int[] words = new int[order];
    int entry = index;
    for (int k = order; k >= 2; k--) {
      words[k - 1] = levels[k - 2].word(entry);
      entry = levels[k - 2].prefix(entry);
    }
    words[0] = entry;
    return words;
  }

  /** The context of some words, from an index on. */
  NgramContext context(int[] words, int from) {
    NgramContext context = NgramContext.empty();
    for (int i = from; i < words.length; i++) {
      context = context.advance(levels, words[i]);
    }
    return context;
  }

  NgramContext advance(NgramContext context, int word) {
    return context.advance(levels, word);
  }

  /** p(word | context) by the table as it is. */
  double probability(NgramContext context, int word) {
    double weight = 1;
    for (int length = context.length(); length >= 1; length--) {
      int history = context.entry(length);
      if (history == NgramLevel.NONE || isRemoved(length, history)) {
        continue;
      }
      int index = levels[length - 1].find(history, word);
      if (index != NgramLevel.NONE && !isRemoved(length + 1, index)) {
        return weight * probabilities[length][index];
      }
      weight *= weights[length - 1][history];
    }
    return weight * probabilities[0][word];
  }

  /**
   * The mass that the order below gives to words after a context for which there is no n-gram: 1 -
   * sum p(v|h') over the n-grams hv that are there.
   *
   * @param children the n-grams of order k+1 by their context
   */
  double restBelow(int k, int index, NgramChildren children) {
    NgramContext shorter = context(words(k, index), 1);
    double rest = 1;
    for (int i = children.begin(index); i < children.end(index); i++) {
      if (!isRemoved(k + 1, children.entry(i))) {
        rest -= probability(shorter, levels[k - 1].word(children.entry(i)));
      }
    }
    return rest;
  }

  NgramChildren children(int ofOrder) {
    return levels[ofOrder - 1].children(size(ofOrder));
  }

  /**
   * Computes all back-off weights anew, so that what is left of each context's mass goes to words
   * without an n-gram: alpha(h) = rest(h) / (1 - sum p(v|h')). Shorter contexts come first, since
   * p(v|h') depends on them.
   *
   * @param rest by order and number of the context, 1 - sum p(v|h) over the n-grams hv that are
   *     there
   */
  void weigh(double[][] rest) {
    for (int k = 1; k < order(); k++) {
      NgramChildren children = children(k);
      for (int i = 0; i < size(k); i++) {
        if (isRemoved(k, i)) {
          continue;
        }
        double below = restBelow(k, i, children);
        weights[k - 1][i] = below > NOTHING ? Math.max(0, rest[k - 1][i]) / below : 1;
      }
    }
  }

  /** What is there, as 32-bit log10 values. */
  BackoffModel toModel() {
    BackoffModel.Builder model = new BackoffModel.Builder(order(), vocabulary);
    for (int k = 1; k <= order(); k++) {
      if (k > 1) {
        model.expect(k, size(k) - (long) removed(k));
      }
      for (int i = 0; i < size(k); i++) {
        if (!isRemoved(k, i)) {
          float backoff = k == order() ? 0 : log10(weights[k - 1][i]);
          model.add(words(k, i), k, Math.min(0, log10(probabilities[k - 1][i])), backoff);
        }
      }
    }
    return model.build();
  }

  private static float log10(double value) {
    return (float) Math.max(LOG10_ZERO, Math.log10(value));
  }
}
