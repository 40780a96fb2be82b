package org.wordmill.ngram;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;
import org.wordmill.lm.LanguageModel;
import org.wordmill.lm.LanguageModelContract;

class MaximumLikelihoodTest extends LanguageModelContract {

  @Override
  protected LanguageModel model() {
    return new MaximumLikelihood(RandomText.count(RandomText.sentences(9, 100, 12), 3));
  }

  @Override
  protected boolean mayBeStuck() {
    return true;
  }

  @Test
  void probabilitiesAreRelativeFrequencies() {
    LanguageModel model = new MaximumLikelihood(RandomText.count("a b\na c\na b\nb\n", 2));
    int a = model.vocabulary().id("a");
    int b = model.vocabulary().id("b");
    LanguageModel.State start = model.start();
    assertThat(Math.exp(model.logProbability(start, a))).isCloseTo(3.0 / 4, within(1e-15));
    assertThat(Math.exp(model.logProbability(model.advance(start, a), b)))
        .isCloseTo(2.0 / 3, within(1e-15));
  }

  @Test
  void aUnigramModelForgetsTheHistory() {
    LanguageModel model = new MaximumLikelihood(RandomText.count("a b\na\n", 1));
    int a = model.vocabulary().id("a");
    LanguageModel.State state = model.advance(model.start(), a);
    assertThat(Math.exp(model.logProbability(state, a))).isCloseTo(2.0 / 5, within(1e-15));
  }

  @Test
  void perplexityOfUnseenTextIsInfinite() {
    LanguageModel model = new MaximumLikelihood(RandomText.count("a b\n", 2));
    int b = model.vocabulary().id("b");
    assertThat(model.logProbability(model.start(), b)).isEqualTo(Double.NEGATIVE_INFINITY);
    LanguageModel.State unseen = model.advance(model.advance(model.start(), b), b);
    assertThat(model.logProbability(unseen, b)).isEqualTo(Double.NEGATIVE_INFINITY);
  }
}
