package org.wordmill.lm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Random;
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

  private static int predictable(LanguageModel model, Random random) {
    while (true) {
      int token = random.nextInt(model.vocabulary().size());
      if (token != model.vocabulary().begin()) {
        return token;
      }
    }
  }
}
