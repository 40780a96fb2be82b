package org.wordmill.lm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.wordmill.text.Vocabulary;

class MixtureTest extends LanguageModelContract {
  private static final Vocabulary AB = new Vocabulary(List.of("a", "b"));
  private static final LanguageModel SURE =
      new FixedModel(AB, 0, new double[][] {{0, 1}, {0.75, 0.25}});

  @Override
  protected LanguageModel model() {
    return new Mixture(List.of(SURE, new UniformModel(AB)), 3, 1);
  }

  @Test
  void probabilitiesAreAddedByWeight() {
    LanguageModel mixture = model();
    LanguageModel.State start = mixture.start();
    assertThat(Math.exp(mixture.logProbability(start, 0))).isCloseTo(0.125, within(1e-15));
    assertThat(Math.exp(mixture.logProbability(start, 1))).isCloseTo(0.875, within(1e-15));
    LanguageModel.State b = mixture.advance(start, 1);
    assertThat(Math.exp(mixture.logProbability(b, 0)))
        .isCloseTo(0.75 * 0.75 + 0.25 * 0.5, within(1e-15));
  }

  @Test
  void modelsMayNumberTheirWordsAsTheyLike() {
    Vocabulary ba = new Vocabulary(List.of("b", "<s>", "a"));
    LanguageModel other =
        new FixedModel(ba, 1, new double[][] {{0, 0, 1}, {1, 0, 0}, {0.5, 0, 0.5}});
    LanguageModel mixture = new Mixture(List.of(SURE, other), 1, 1);
    LanguageModel.State start = mixture.start();
    assertThat(Math.exp(mixture.logProbability(start, 0))).isCloseTo(0, within(1e-15));
    assertThat(Math.exp(mixture.logProbability(start, 1))).isCloseTo(1, within(1e-15));
    double[] text = new double[2];
    LanguageModel.State end = mixture.logProbabilities(start, new int[] {1, 0}, text);
    assertThat(Math.exp(text[1])).isCloseTo(0.5 * 0.75 + 0.5, within(1e-15));
    float[] die = new float[2];
    mixture.nextLogProbabilities(end, die);
    assertThat(Math.exp(die[0])).isCloseTo(0.5 * 0 + 0.5 * 0.5, within(1e-6));
    assertThat(Math.exp(mixture.logProbability(end, 0))).isCloseTo(0.25, within(1e-15));
  }

  @Test
  void modelsWithOtherWordsOrWeightsWithoutSenseAreRefused() {
    UniformModel other = new UniformModel(new Vocabulary(List.of("a", "c")));
    assertThatThrownBy(() -> new Mixture(List.of(SURE, other), 1, 1))
        .hasMessageContaining("vocabularies");
    assertThatThrownBy(() -> new Mixture(List.of(SURE), 0)).hasMessageContaining("weights");
    assertThatThrownBy(() -> new Mixture(List.of(SURE, SURE), 2, -1)).hasMessageContaining("-1");
    assertThatThrownBy(() -> new Mixture(List.of(SURE), 1, 1)).hasMessageContaining("1 models");
  }
}
