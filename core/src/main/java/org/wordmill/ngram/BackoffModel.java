package org.wordmill.ngram;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.wordmill.lm.Explainable;
import org.wordmill.lm.Explanation;
import org.wordmill.text.Vocabulary;

/**
 * A back-off n-gram model in memory (Katz 1987), the model of an ARPA file: log10 p(w|h) is the
 * table's value of the longest n-gram hw that the table has, plus the log10 back-off weights of all
 * longer contexts of h.
 *
 * <p>Queries are exact, whatever the order: n-grams are found by 64-bit pairs, not by hashes of
 * words. About 27 bytes for each n-gram. {@code <s>} is context only: as a token to predict it has
 * probability 0. Immutable and safe for use by many threads.
 */
public final class BackoffModel implements NgramModel, Explainable {
  private static final double LN_10 = Math.log(10);

  private final Vocabulary vocabulary;
  private final NgramLevel[] levels;
  private final float[][] probabilities;
  private final float[][] backoffs;
  private volatile NgramChildren @Nullable [] children;

  private BackoffModel(
      Vocabulary vocabulary, NgramLevel[] levels, float[][] probabilities, float[][] backoffs) {
    this.vocabulary = vocabulary;
    this.levels = levels;
    this.probabilities = probabilities;
    this.backoffs = backoffs;
  }

  @Override
  public int order() {
    return probabilities.length;
  }

  @Override
  public long ngrams(int order) {
    return size(order);
  }

  /** How many n-grams of a length, 1..N, the table has. */
  public int size(int order) {
    return order == 1 ? vocabulary.size() : levels[order - 2].size();
  }

  /**
   * The word ids of an n-gram, written to {@code out[0..order)}.
   *
   * @param index in [0, size(order)), in the order in which they were added
   */
  public void ngram(int order, int index, int[] out) {
    int entry = index;
    for (int k = order; k >= 2; k--) {
      out[k - 1] = levels[k - 2].word(entry);
      entry = levels[k - 2].prefix(entry);
    }
    out[0] = entry;
  }

  /** The table's log10 probability of an n-gram. */
  public float log10Probability(int order, int index) {
    return probabilities[order - 1][index];
  }

  /** The table's log10 back-off weight of an n-gram below the highest order. */
  public float log10Backoff(int order, int index) {
    return backoffs[order - 1][index];
  }

  /** Orders 2, 3, ..., N. */
  NgramLevel[] levels() {
    return levels;
  }

  @Override
  public Vocabulary vocabulary() {
    return vocabulary;
  }

  @Override
  public State start() {
    return advance(NgramContext.empty(), vocabulary.begin());
  }

  @Override
  public State advance(State state, int token) {
    return ((NgramContext) state).advance(levels, token);
  }

  @Override
  public double logProbability(State state, int token) {
    return log10Probability(state, token) * LN_10;
  }

  /** log10 p(token | state). */
  public double log10Probability(State state, int token) {
    if (token == vocabulary.begin()) {
      return Double.NEGATIVE_INFINITY;
    }
    NgramContext context = (NgramContext) state;
    double backoff = 0;
    for (int length = context.length(); length >= 1; length--) {
      int history = context.entry(length);
      if (history == NgramLevel.NONE) {
        continue;
      }
      int index = levels[length - 1].find(history, token);
      if (index != NgramLevel.NONE) {
        return backoff + probabilities[length][index];
      }
      backoff += backoffs[length - 1][history];
    }
    return backoff + probabilities[0][token];
  }

  @Override
  public int matchedLength(State state, int token) {
    NgramContext context = (NgramContext) state;
    for (int length = context.length(); length >= 1; length--) {
      int history = context.entry(length);
      if (history != NgramLevel.NONE
          && levels[length - 1].find(history, token) != NgramLevel.NONE) {
        return length + 1;
      }
    }
    return 1;
  }

  /**
   * {@inheritDoc}
   *
   * <p>The values of the steps are log10; their sum is log10 p.
   */
  @Override
  public Explanation explain(int[] history, int token) {
    State state = NgramContext.empty();
    for (int word : history) {
      state = advance(state, word);
    }
    NgramContext context = (NgramContext) state;
    List<String> words = Arrays.stream(history).mapToObj(vocabulary::token).toList();
    String last = vocabulary.token(token);
    List<Explanation.Step> steps = new ArrayList<>();
    int matched = token == vocabulary.begin() ? 0 : matchedLength(state, token);
    for (int length = context.length(); length >= matched && length >= 1; length--) {
      String h = String.join(" ", words.subList(words.size() - length, words.size()));
      String missing = "no " + (length + 1) + "-gram '" + h + " " + last + "'";
      steps.add(
          context.entry(length) == NgramLevel.NONE
              ? new Explanation.Step(missing + ", nor a context '" + h + "'", "weight 1", 0)
              : new Explanation.Step(
                  missing + ": back off from '" + h + "'",
                  "log10 weight(" + h + ")",
                  backoffs[length - 1][context.entry(length)]));
    }
    double log10 = log10Probability(state, token);
    if (matched == 0) {
      steps.add(new Explanation.Step("<s> is context only and never predicted", "log10 0", log10));
    } else {
      List<String> h = words.subList(words.size() - matched + 1, words.size());
      String ngram = (String.join(" ", h) + " " + last).strip();
      steps.add(
          new Explanation.Step(
              "the table has the " + matched + "-gram '" + ngram + "'",
              "log10 " + Explanation.event(last, h),
              log10 - steps.stream().mapToDouble(Explanation.Step::value).sum()));
    }
    return new Explanation(
        Explanation.event(last, words.subList(words.size() - context.length(), words.size())),
        steps,
        logProbability(state, token));
  }

  /**
   * {@inheritDoc}
   *
   * <p>The unigrams with all back-off weights come first, then the successors of ever longer
   * contexts over them, so the cost is V and the number of successors, not V look-ups.
   */
  @Override
  public void nextLogProbabilities(State state, float[] out) {
    NgramContext context = (NgramContext) state;
    double backoff = 0;
    for (int length = 1; length <= context.length(); length++) {
      backoff += backoff(context, length);
    }
    for (int token = 0; token < vocabulary.size(); token++) {
      out[token] = (float) ((backoff + probabilities[0][token]) * LN_10);
    }
    NgramChildren[] successors = children();
    for (int length = 1; length <= context.length(); length++) {
      backoff -= backoff(context, length);
      int history = context.entry(length);
      if (history == NgramLevel.NONE) {
        continue;
      }
      NgramChildren list = successors[length - 1];
      for (int i = list.begin(history); i < list.end(history); i++) {
        int index = list.entry(i);
        out[levels[length - 1].word(index)] =
            (float) ((backoff + probabilities[length][index]) * LN_10);
      }
    }
    out[vocabulary.begin()] = Float.NEGATIVE_INFINITY;
  }

  private double backoff(NgramContext context, int length) {
    int history = context.entry(length);
    return history == NgramLevel.NONE ? 0 : backoffs[length - 1][history];
  }

  private NgramChildren[] children() {
    NgramChildren[] known = children;
    if (known == null) {
      synchronized (this) {
        known = children;
        if (known == null) {
          known = new NgramChildren[levels.length];
          for (int k = 1; k <= levels.length; k++) {
            known[k - 1] = levels[k - 1].children(size(k));
          }
          children = known;
        }
      }
    }
    return known;
  }

  @Override
  public String toString() {
    StringBuilder text = new StringBuilder("back-off model of order ").append(order()).append(",");
    for (int k = 1; k <= order(); k++) {
      text.append(String.format(Locale.ROOT, " %d %d-grams", size(k), k));
    }
    return text.toString();
  }

  /**
   * Fills a table, shorter n-grams before longer ones. One builder belongs to one thread and makes
   * one model.
   */
  public static final class Builder {
    private static final int MAX_EXPECTED = 1 << 22;

    /** What {@link #add} returns for an n-gram whose first words are not in the table. */
    public static final int MISSING_CONTEXT = -1;

    /** What {@link #add} returns for an n-gram that is already in the table. */
    public static final int DUPLICATE = -2;

    private final Vocabulary vocabulary;
    private final NgramLevel[] levels;
    private final float[][] probabilities;
    private final float[][] backoffs;
    private final boolean[] unigrams;

    /** The n-gram added last, and the numbers of its beginnings, for the next that begins alike. */
    private final int[] last;

    private final int[] lastIndexes;
    private int lastLength;

    /**
     * @param vocabulary has {@code <s>}, {@code </s>} and {@code <unk>}; every word needs a unigram
     */
    public Builder(int order, Vocabulary vocabulary) {
      if (vocabulary.begin() == Vocabulary.NONE
          || vocabulary.end() == Vocabulary.NONE
          || vocabulary.unknown() == Vocabulary.NONE) {
        throw new IllegalArgumentException("the vocabulary needs <s>, </s> and <unk>");
      }
      this.vocabulary = vocabulary;
      levels = new NgramLevel[order - 1];
      Arrays.setAll(levels, i -> new NgramLevel(1 << 10));
      probabilities = new float[order][vocabulary.size()];
      backoffs = new float[order - 1][vocabulary.size()];
      unigrams = new boolean[vocabulary.size()];
      last = new int[order];
      lastIndexes = new int[order];
    }

    /**
     * Makes room for some n-grams of an order above 1; fewer or more may come. Nothing is believed
     * that would fill the memory by itself.
     */
    public void expect(int order, long count) {
      if (levels[order - 2].size() == 0) {
        levels[order - 2] = new NgramLevel((int) Math.min(count, MAX_EXPECTED));
      }
    }

    /**
     * Adds one n-gram.
     *
     * @param ngram its word ids are {@code ngram[0..length)}
     * @param log10Backoff not used in the highest order
     * @return its number in its order, or {@link #MISSING_CONTEXT} or {@link #DUPLICATE}, and then
     *     nothing was added
     */
    public int add(int[] ngram, int length, float log10Probability, float log10Backoff) {
      if (length == 1) {
        if (unigrams[ngram[0]]) {
          return DUPLICATE;
        }
        unigrams[ngram[0]] = true;
        return put(1, ngram[0], log10Probability, log10Backoff);
      }
      int prefix = prefix(ngram, length - 1);
      if (prefix == NgramLevel.NONE) {
        return MISSING_CONTEXT;
      }
      NgramLevel level = levels[length - 2];
      int before = level.size();
      int index = level.add(prefix, ngram[length - 1]);
      return level.size() == before
          ? DUPLICATE
          : put(length, index, log10Probability, log10Backoff);
    }

    private int prefix(int[] ngram, int length) {
      int common = 0;
      while (common < Math.min(length, lastLength) && last[common] == ngram[common]) {
        common++;
      }
      int index = common == 0 ? ngram[0] : lastIndexes[common - 1];
      for (int k = common + 1; k <= length; k++) {
        index = k == 1 ? ngram[0] : levels[k - 2].find(index, ngram[k - 1]);
        if (index == NgramLevel.NONE) {
          lastLength = k - 1;
          return index;
        }
        last[k - 1] = ngram[k - 1];
        lastIndexes[k - 1] = index;
      }
      lastLength = length;
      return index;
    }

    private int put(int length, int index, float log10Probability, float log10Backoff) {
      put(probabilities, length - 1, index, log10Probability);
      if (length <= backoffs.length) {
        put(backoffs, length - 1, index, log10Backoff);
      }
      return index;
    }

    private static void put(float[][] values, int row, int index, float value) {
      if (index >= values[row].length) {
        values[row] = Arrays.copyOf(values[row], Math.max(2 * index, 1 << 10));
      }
      values[row][index] = value;
    }

    public BackoffModel build() {
      for (int id = 0; id < unigrams.length; id++) {
        if (!unigrams[id]) {
          throw new IllegalStateException("no unigram for '" + vocabulary.token(id) + "'");
        }
      }
      return new BackoffModel(vocabulary, levels, probabilities, backoffs);
    }
  }
}
