package org.wordmill.ngram;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import org.wordmill.error.ExitCode;
import org.wordmill.error.WordmillException;
import org.wordmill.lm.Explainable;
import org.wordmill.lm.Explanation;
import org.wordmill.text.Vocabulary;

/**
 * Interpolated modified Kneser-Ney estimation in memory, in doubles (Chen and Goodman 1998; the
 * conventions of KenLM's lmplz): the reference that the estimator on a cluster must equal.
 *
 * <p>The highest order has raw counts. A lower order has adjusted counts: how many different words
 * stand to the left of the n-gram, or the raw count when it begins with {@code <s>}, which nothing
 * precedes. Then, from unigrams upwards,
 *
 * <pre>p(w|h) = max(0, c(hw) - D)/c(h.) + gamma(h) p(w|h')</pre>
 *
 * where h' is h without its first word; below the unigrams stands the uniform distribution over the
 * vocabulary without {@code <s>}. Needs about 60 bytes for each n-gram.
 */
public final class KneserNey implements Explainable {
  /** How ARPA files write log10 0. */
  private static final double LOG10_ZERO = -99;

  private final NgramCounts counts;
  private final KneserNeyOptions options;
  private final NgramLevel[] levels;
  private final int order;
  private final int[][] suffixes;
  private final long[][] adjusted;
  private final List<Discounts> discounts = new ArrayList<>();
  private final double[][] probabilities;
  private final double[][] gammas;
  private double gammaOfEmpty;

  private KneserNey(NgramCounts counts, KneserNeyOptions options) {
    this.counts = counts;
    this.options = options;
    levels = counts.levels();
    order = options.order();
    suffixes = new int[order][];
    adjusted = new long[order][];
    probabilities = new double[order][];
    gammas = new double[order - 1][];
  }

  /**
   * @param counts of the order that the options ask for
   * @throws WordmillException BAD_INPUT when there is no text, or it gives no discounts
   */
  public static KneserNey estimate(NgramCounts counts, KneserNeyOptions options) {
    if (counts.order() != options.order()) {
      throw new IllegalArgumentException(
          "counts of order " + counts.order() + " for a model of order " + options.order());
    }
    if (counts.tokens() == 0) {
      throw new WordmillException(
          ExitCode.BAD_INPUT, "the text is empty", "", "give at least one line");
    }
    KneserNey estimate = new KneserNey(counts, options);
    estimate.findSuffixes();
    estimate.adjustCounts();
    for (int k = 1; k <= estimate.order; k++) {
      estimate.discounts.add(estimate.discountsOf(k));
    }
    for (int k = 1; k <= estimate.order; k++) {
      estimate.interpolate(k);
    }
    return estimate;
  }

  /** The discounts of an order, 1..N. */
  public Discounts discounts(int ofOrder) {
    return discounts.get(ofOrder - 1);
  }

  /** p(last word | the words before), in the order of the n-gram; 0 when it is not in the model. */
  public double probability(int... ngram) {
    int index = find(ngram);
    return index == NgramLevel.NONE || isPruned(ngram.length, index)
        ? 0
        : probabilities[ngram.length - 1][index];
  }

  /** The back-off weight gamma of a context of at most N-1 words; 1 when nothing follows it. */
  public double gamma(int... context) {
    if (context.length == 0) {
      return gammaOfEmpty;
    }
    int index = find(context);
    return index == NgramLevel.NONE || isPruned(context.length, index)
        ? 1
        : gammas[context.length - 1][index];
  }

  /** The estimate as a table of 32-bit log10 values, without the n-grams that were pruned. */
  public BackoffModel toModel() {
    int[] newIds = new int[counts.vocabulary().size()];
    List<String> kept = new ArrayList<>();
    for (int id = 0; id < newIds.length; id++) {
      newIds[id] = isPruned(1, id) ? NgramLevel.NONE : kept.size();
      if (!isPruned(1, id)) {
        kept.add(counts.vocabulary().token(id));
      }
    }
    BackoffModel.Builder model = new BackoffModel.Builder(order, new Vocabulary(kept));
    for (int id = 0; id < newIds.length; id++) {
      if (!isPruned(1, id)) {
        add(model, new int[] {newIds[id]}, 1, id);
      }
    }
    int[] ngram = new int[order];
    for (int k = 2; k <= order; k++) {
      model.expect(k, counts.size(k));
      // By prefix, which keeps together what the table and its readers look up together.
      NgramChildren children = levels[k - 2].children(counts.size(k - 1));
      for (int i = 0; i < counts.size(k); i++) {
        int index = children.entry(i);
        if (!isPruned(k, index)) {
          int entry = index;
          for (int j = k; j >= 2; j--) {
            ngram[j - 1] = newIds[levels[j - 2].word(entry)];
            entry = levels[j - 2].prefix(entry);
          }
          ngram[0] = newIds[entry];
          add(model, ngram, k, index);
        }
      }
    }
    return model.build();
  }

  @Override
  public Explanation explain(int[] history, int token) {
    return new KneserNeyExplanation(this).explain(history, token);
  }

  NgramCounts counts() {
    return counts;
  }

  KneserNeyOptions options() {
    return options;
  }

  /** The adjusted count of an n-gram by its number in its order. */
  long adjusted(int ofOrder, int index) {
    return adjusted[ofOrder - 1][index];
  }

  /** The number of an n-gram in its order, pruned ones too, or {@link NgramLevel#NONE}. */
  int index(int... ngram) {
    return find(ngram);
  }

  /** Whether an n-gram is counted but not in the model. */
  boolean pruned(int ofOrder, int index) {
    return isPruned(ofOrder, index);
  }

  private void add(BackoffModel.Builder model, int[] ngram, int k, int index) {
    float backoff = k == order ? 0 : log10(gammas[k - 1][index]);
    model.add(ngram, k, log10(probabilities[k - 1][index]), backoff);
  }

  /**
   * log10 of a probability or back-off weight as an ARPA file keeps it: not above 0, where rounding
   * could bring it, and -99 for 0.
   */
  public static float log10(double probability) {
    return (float) Math.max(LOG10_ZERO, Math.min(0, Math.log10(probability)));
  }

  private int find(int... ngram) {
    int index = ngram[0];
    for (int k = 2; k <= ngram.length && index != NgramLevel.NONE; k++) {
      index = levels[k - 2].find(index, ngram[k - 1]);
    }
    return index;
  }

  /** The number, in order k-1, of each k-gram without its first word. */
  private void findSuffixes() {
    for (int k = 2; k <= order; k++) {
      NgramLevel level = levels[k - 2];
      suffixes[k - 1] = new int[level.size()];
      for (int i = 0; i < level.size(); i++) {
        suffixes[k - 1][i] =
            k == 2
                ? level.word(i)
                : levels[k - 3].find(suffixes[k - 2][level.prefix(i)], level.word(i));
      }
    }
  }

  private void adjustCounts() {
    BitSet[] atBegin = new BitSet[order];
    for (int k = 1; k <= order; k++) {
      int size = counts.size(k);
      adjusted[k - 1] = new long[size];
      atBegin[k - 1] = new BitSet(size);
      for (int i = 0; i < size; i++) {
        boolean begins =
            k == 1 ? i == counts.vocabulary().begin() : atBegin[k - 2].get(levels[k - 2].prefix(i));
        atBegin[k - 1].set(i, begins);
        adjusted[k - 1][i] = k == order || begins ? counts.countAt(k, i) : 0;
      }
    }
    for (int k = 2; k <= order; k++) {
      for (int suffix : suffixes[k - 1]) {
        if (!atBegin[k - 2].get(suffix)) {
          adjusted[k - 2][suffix]++;
        }
      }
    }
    adjusted[0][counts.vocabulary().begin()] = 0;
    adjusted[0][counts.vocabulary().unknown()] = 0;
  }

  private Discounts discountsOf(int k) {
    long[] countsOfCounts = new long[5];
    for (long count : adjusted[k - 1]) {
      if (count <= 4) {
        countsOfCounts[(int) count]++;
      }
    }
    return Discounts.fromCountsOfCounts(k, countsOfCounts, options.fallback());
  }

  private boolean isPruned(int k, int index) {
    long threshold = options.threshold(k);
    if (threshold == 0 || (k == 1 && isReserved(index))) {
      return false;
    }
    return counts.countAt(k, index) <= threshold;
  }

  private boolean isReserved(int id) {
    Vocabulary words = counts.vocabulary();
    return id == words.begin() || id == words.end() || id == words.unknown();
  }

  /** The probabilities of order k, and the back-off weights of the contexts of k-1 words. */
  private void interpolate(int k) {
    Discounts d = discounts.get(k - 1);
    int contexts = k == 1 ? 1 : counts.size(k - 1);
    long[] totals = new long[contexts];
    long[] pruned = new long[contexts];
    int[][] kept = new int[4][contexts];
    for (int i = 0; i < counts.size(k); i++) {
      int context = k == 1 ? 0 : levels[k - 2].prefix(i);
      long count = adjusted[k - 1][i];
      totals[context] += count;
      if (isPruned(k, i)) {
        pruned[context] += count;
      } else {
        kept[(int) Math.min(count, 3)][context]++;
      }
    }
    double[] gamma = new double[contexts];
    for (int i = 0; i < contexts; i++) {
      gamma[i] =
          totals[i] == 0 ? 1 : d.gamma(kept[1][i], kept[2][i], kept[3][i], pruned[i], totals[i]);
    }
    probabilities[k - 1] = new double[counts.size(k)];
    if (k == 1) {
      gammaOfEmpty = gamma[0];
      interpolateUnigrams(d, totals[0]);
      return;
    }
    gammas[k - 2] = gamma;
    for (int i = 0; i < counts.size(k); i++) {
      int context = levels[k - 2].prefix(i);
      probabilities[k - 1][i] =
          d.discounted(adjusted[k - 1][i], totals[context])
              + gamma[context] * probabilities[k - 2][suffixes[k - 1][i]];
    }
  }

  private void interpolateUnigrams(Discounts d, long total) {
    double[] p = probabilities[0];
    long vocabularySize = -1; // <s> is not predicted.
    for (int id = 0; id < p.length; id++) {
      vocabularySize += isPruned(1, id) ? 0 : 1;
    }
    double floor = options.interpolateUnigrams() ? gammaOfEmpty / vocabularySize : 0;
    for (int id = 0; id < p.length; id++) {
      p[id] = d.discounted(adjusted[0][id], total) + floor;
    }
    if (!options.interpolateUnigrams()) {
      p[counts.vocabulary().unknown()] = gammaOfEmpty;
    }
    p[counts.vocabulary().begin()] = 1; // By convention: log10 p(<s>) = 0 in files.
  }
}
