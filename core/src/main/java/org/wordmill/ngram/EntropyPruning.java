package org.wordmill.ngram;

import java.util.BitSet;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;
import org.wordmill.error.ExitCode;
import org.wordmill.error.WordmillException;
import org.wordmill.text.Vocabulary;

/**
 * Relative-entropy pruning of a finished model (Stolcke 1998): an n-gram hw goes when without it,
 * with its mass given to the order below, the model's perplexity changes by less than a threshold,
 *
 * <pre>
 * D = -p(h) ( p(w|h) (log p(w|h') + log alpha'(h) - log p(w|h))
 *             + (log alpha'(h) - log alpha(h)) sum over v without n-gram hv of p(v|h) )
 * exp(D) - 1 &lt; threshold
 * </pre>
 *
 * where alpha'(h) is the back-off weight that h has without hw. Each n-gram is looked at by itself,
 * the longest first; unigrams stay, and so do n-grams that are the context of others. Then all
 * back-off weights are computed anew, so the model sums to 1 as before. p(h) is what the model
 * itself says, by the chain rule, where {@code <s>} is as likely as {@code </s>}. These are the
 * conventions of SRILM's {@code -prune}.
 *
 * <p>p(h) by the lower orders of a Kneser-Ney model is off, since those are made for backing off;
 * so such a model loses more than one of another smoothing does (Chelba et al. 2010).
 *
 * <p>In memory: about 70 bytes for each n-gram.
 */
public final class EntropyPruning {
  /** How far the sum of a distribution may be from 1. */
  private static final double TOLERANCE = 1e-3;

  private final DraftTable table;
  private final Vocabulary vocabulary;

  /** By order and number of a context, what its n-grams leave of its mass. */
  private final double[][] rest;

  /**
   * A pruned model.
   *
   * @param pruned element n-1 is how many n-grams of order n went
   */
  public record Pruned(BackoffModel model, List<Integer> pruned) {}

  private EntropyPruning(BackoffModel model) {
    table = DraftTable.of(model);
    vocabulary = model.vocabulary();
    rest = new double[model.order() - 1][];
  }

  /**
   * Prunes a model.
   *
   * @param threshold of the relative change of perplexity, such as 1e-8; 0 prunes nothing
   * @throws WordmillException USAGE for a threshold that is negative or no number; BAD_INPUT when
   *     the model's probabilities do not sum to 1, as scores of stupid back-off do not
   */
  public static Pruned prune(BackoffModel model, double threshold) {
    if (!(threshold >= 0) || Double.isInfinite(threshold)) {
      throw new WordmillException(
          ExitCode.USAGE,
          "the threshold is " + threshold,
          "--threshold",
          "choose a small number, such as 1e-8");
    }
    EntropyPruning pruning = new EntropyPruning(model);
    pruning.requireDistribution();
    for (int k = model.order(); k >= 2; k--) {
      pruning.prune(k, threshold);
    }
    DraftTable table = pruning.table;
    table.weigh(pruning.rest);
    List<Integer> pruned =
        IntStream.rangeClosed(1, model.order()).mapToObj(table::removed).toList();
    return new Pruned(table.toModel(), pruned);
  }

  private void requireDistribution() {
    double sum = 0;
    for (int word = 0; word < vocabulary.size(); word++) {
      sum += word == vocabulary.begin() ? 0 : table.probability(1, word);
    }
    requireOne(sum, "of the unigrams");
    for (int k = 1; k < table.order(); k++) {
      rest[k - 1] = new double[table.size(k)];
      NgramChildren children = table.children(k);
      for (int h = 0; h < table.size(k); h++) {
        if (children.begin(h) == children.end(h)) {
          rest[k - 1][h] = 1;
          continue;
        }
        double listed = 0;
        for (int i = children.begin(h); i < children.end(h); i++) {
          listed += table.probability(k + 1, children.entry(i));
        }
        // By the weight, which is exact to seven digits where 1 - sum is not.
        rest[k - 1][h] = Math.max(0, table.weight(k, h) * table.restBelow(k, h, children));
        if (Math.abs(listed + rest[k - 1][h] - 1) > TOLERANCE) {
          requireOne(listed + rest[k - 1][h], "after '" + name(k, h) + "'");
        }
      }
    }
  }

  private static void requireOne(double sum, String where) {
    if (!(Math.abs(sum - 1) <= TOLERANCE)) {
      throw new WordmillException(
          ExitCode.BAD_INPUT,
          String.format(Locale.ROOT, "the probabilities %s sum to %.4f", where, sum),
          "",
          "only a distribution can be pruned by entropy, not scores such as those of stupid"
              + " back-off; prune those by counts, with estimate --prune");
    }
  }

  /** Removes n-grams of an order, by the table as it was at the beginning. */
  private void prune(int order, double threshold) {
    int k = order - 1;
    NgramChildren children = table.children(k);
    BitSet contexts = contextsOf(order);
    NgramLevel level = table.level(order);
    for (int h = 0; h < table.size(k); h++) {
      if (children.begin(h) == children.end(h)) {
        continue;
      }
      int[] words = table.words(k, h);
      NgramContext shorter = table.context(words, 1);
      double history = historyProbability(words);
      double left = rest[k - 1][h];
      double below = table.restBelow(k, h, children);
      BitSet going = new BitSet();
      for (int i = children.begin(h); i < children.end(h); i++) {
        int index = children.entry(i);
        double p = table.probability(order, index);
        double lower = table.probability(shorter, level.word(index));
        if (!contexts.get(index) && Math.expm1(history * loss(p, lower, left, below)) < threshold) {
          going.set(index);
          rest[k - 1][h] += p;
        }
      }
      going.stream().forEach(index -> table.remove(order, index));
    }
  }

  /**
   * The relative entropy after a history that removing an n-gram costs, in nats.
   *
   * @param p p(w|h)
   * @param lower p(w|h')
   * @param left the mass of words without an n-gram after h
   * @param below the mass that h' gives them
   */
  static double loss(double p, double lower, double left, double below) {
    double newWeight = Math.log((left + p) / (below + lower));
    double own = p == 0 ? 0 : p * (Math.log(lower) + newWeight - Math.log(p));
    double others = left == 0 ? 0 : left * (newWeight - Math.log(left / below));
    return -(own + others);
  }

  /** Which n-grams of an order are contexts of others that are there. */
  private BitSet contextsOf(int order) {
    BitSet contexts = new BitSet();
    if (order < table.order()) {
      NgramLevel longer = table.level(order + 1);
      for (int i = 0; i < longer.size(); i++) {
        if (!table.isRemoved(order + 1, i)) {
          contexts.set(longer.prefix(i));
        }
      }
    }
    return contexts;
  }

  /** p(h), by the chain rule. */
  private double historyProbability(int[] words) {
    int first = words[0] == vocabulary.begin() ? vocabulary.end() : words[0];
    double probability = table.probability(1, first);
    NgramContext context = NgramContext.empty();
    for (int i = 1; i < words.length; i++) {
      context = table.advance(context, words[i - 1]);
      probability *= table.probability(context, words[i]);
    }
    return probability;
  }

  private String name(int k, int index) {
    List<String> words = IntStream.of(table.words(k, index)).mapToObj(vocabulary::token).toList();
    return String.join(" ", words);
  }
}
