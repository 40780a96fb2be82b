package org.wordmill.lm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

/** What holds for every language model; a model's own test extends this. */
public abstract class LanguageModelContract {

  /** A model whose vocabulary is small enough to be walked through. */
  protected abstract LanguageModel model();

  /** How far a sum of 32-bit probabilities may be from 1. */
  protected double tolerance() {
    return 1e-6;
  }

  /** Whether some histories have no successor at all, so that their probabilities sum to 0. */
  protected boolean mayBeStuck() {
    return false;
  }

  @Test
  void probabilitiesOfTheNextTokenSumToOneAfterAnyHistory() {
    LanguageModel model = model();
    float[] next = new float[model.vocabulary().size()];
    Random random = new Random(17);
    for (int round = 0; round < 50; round++) {
      LanguageModel.State state = model.start();
      int length = random.nextInt(6);
      for (int i = 0; i < length; i++) {
        state = model.advance(state, predictable(model, random));
      }
      model.nextLogProbabilities(state, next);
      double sum = 0;
      for (int token = 0; token < next.length; token++) {
        double single = model.logProbability(state, token);
        assertThat(next[token]).isNotNaN().isLessThanOrEqualTo((float) tolerance());
        if (next[token] == Float.NEGATIVE_INFINITY) {
          assertThat(single).isEqualTo(Double.NEGATIVE_INFINITY);
        } else {
          assertThat((double) next[token]).isCloseTo(single, within(1e-5 + 1e-6 * -single));
        }
        sum += Math.exp(single);
      }
      if (!mayBeStuck() || sum > 0) {
        assertThat(sum).isCloseTo(1, within(tolerance()));
      }
    }
  }

  @Test
  void beginOfSentenceIsNeverPredicted() {
    LanguageModel model = model();
    int begin = model.vocabulary().begin();
    if (begin >= 0) {
      assertThat(model.logProbability(model.start(), begin)).isEqualTo(Double.NEGATIVE_INFINITY);
    }
  }

  @Test
  void statesAreValuesThatAdvancingDoesNotChange() {
    LanguageModel model = model();
    Random random = new Random(3);
    int first = predictable(model, random);
    int second = predictable(model, random);
    LanguageModel.State start = model.start();
    double before = model.logProbability(start, first);
    LanguageModel.State left = model.advance(start, first);
    double afterLeft = model.logProbability(left, second);
    model.logProbability(model.advance(start, second), first);
    assertThat(model.logProbability(start, first)).isEqualTo(before);
    assertThat(model.logProbability(left, second)).isEqualTo(afterLeft);
  }

  @Test
  void aTextScoresAsItsTokensOneByOne() {
    LanguageModel model = model();
    Random random = new Random(23);
    int[] tokens =
        random.ints(40, 0, Integer.MAX_VALUE).map(i -> predictable(model, random)).toArray();
    double[] together = new double[tokens.length];
    LanguageModel.State last = model.logProbabilities(model.start(), tokens, together);
    LanguageModel.State state = model.start();
    for (int i = 0; i < tokens.length; i++) {
      double single = model.logProbability(state, tokens[i]);
      if (Double.isInfinite(single)) {
        assertThat(together[i]).isEqualTo(single);
      } else {
        assertThat(together[i]).isCloseTo(single, within(1e-5));
      }
      state = model.advance(state, tokens[i]);
    }
    int next = predictable(model, random);
    double expected = model.logProbability(state, next);
    if (!Double.isInfinite(expected)) {
      assertThat(model.logProbability(last, next)).isCloseTo(expected, within(1e-5));
    }
  }

  @Test
  void severalTextsScoreAsEachFromTheStart() {
    LanguageModel model = model();
    Random random = new Random(29);
    List<int[]> texts = new ArrayList<>();
    List<double[]> together = new ArrayList<>();
    for (int length : new int[] {3, 0, 17, 1, 30}) {
      texts.add(random.ints(length).map(i -> predictable(model, random)).toArray());
      together.add(new double[length]);
    }
    model.logProbabilities(texts, together);
    for (int i = 0; i < texts.size(); i++) {
      double[] alone = new double[texts.get(i).length];
      model.logProbabilities(model.start(), texts.get(i), alone);
      assertThat(together.get(i)).containsExactly(alone, within(1e-5));
    }
  }

  /** A text of four tokens, or a shorter one with its end, is certain: the die is fair. */
  @Test
  void allTextsOfUpToFourTokensSumToOne() {
    LanguageModel model = model();
    assertThat(mass(model, model.start(), 4)).isCloseTo(1, within(4 * tolerance()));
  }

  /** What the texts after {@code state} weigh that end, or are not ended after some tokens. */
  private static double mass(LanguageModel model, LanguageModel.State state, int tokens) {
    if (tokens == 0) {
      return 1;
    }
    float[] next = new float[model.vocabulary().size()];
    model.nextLogProbabilities(state, next);
    double sum = 0;
    for (int token = 0; token < next.length; token++) {
      double p = Math.exp(next[token]);
      if (p > 0) {
        boolean last = token == model.vocabulary().end() || tokens == 1;
        sum += last ? p : p * mass(model, model.advance(state, token), tokens - 1);
      }
    }
    return sum;
  }

  @Test
  void aHundredThousandRollsOfTheSamplerFollowTheDistribution() {
    LanguageModel model = model();
    Random random = new Random(31);
    int rolls = 100_000;
    for (int round = 0; round < 3; round++) {
      LanguageModel.State state = model.start();
      float[] next = new float[model.vocabulary().size()];
      model.nextLogProbabilities(state, next);
      for (int i = 0; i < round; i++) {
        state = model.advance(state, Sampler.PLAIN.sample(next, new SplittableRandom(i)));
        model.nextLogProbabilities(state, next);
      }
      if (mayBeStuck() && mass(model, state, 1) == 0) {
        continue;
      }
      RandomGenerator die = new SplittableRandom(random.nextLong());
      int[] counts = new int[next.length];
      for (int i = 0; i < rolls; i++) {
        counts[Sampler.PLAIN.sample(next, die)]++;
      }
      assertThat(chiSquareExcess(counts, next)).as("round " + round).isNegative();
    }
  }

  /**
   * Pearson's chi-square less its 0.9999 quantile, in the approximation of Wilson and Hilferty.
   * Sides that are expected fewer than five times are taken together.
   */
  private static double chiSquareExcess(int[] counts, float[] logProbabilities) {
    double rolls = 0;
    for (int count : counts) {
      rolls += count;
    }
    double rareExpected = 0;
    double rareCount = 0;
    double chiSquare = 0;
    int cells = 0;
    for (int token = 0; token < counts.length; token++) {
      double expected = rolls * Math.exp(logProbabilities[token]);
      if (expected == 0) {
        assertThat(counts[token]).isZero();
      } else if (expected < 5) {
        rareExpected += expected;
        rareCount += counts[token];
      } else {
        chiSquare += Math.pow(counts[token] - expected, 2) / expected;
        cells++;
      }
    }
    if (rareExpected > 0) {
      chiSquare += Math.pow(rareCount - rareExpected, 2) / Math.max(1, rareExpected);
      cells++;
    }
    if (cells < 2) {
      return -1;
    }
    double freedom = cells - 1;
    double quantile = 3.719;
    double cube = 1 - 2 / (9 * freedom) + quantile * Math.sqrt(2 / (9 * freedom));
    return chiSquare - freedom * cube * cube * cube;
  }

  private static int predictable(LanguageModel model, Random random) {
    while (true) {
      int token = random.nextInt(model.vocabulary().size());
      if (token != model.vocabulary().begin()) {
        return token;
      }
    }
  }
}
