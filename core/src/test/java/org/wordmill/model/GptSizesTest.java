package org.wordmill.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.wordmill.module.attention.NormPlacement;

/** The published tables, and what costs what. */
final class GptSizesTest {

  /** Counts of the released models, as their weights have them. */
  @ParameterizedTest
  @CsvSource({
    "12, 12, 768, 1024, PRE, 50257, 124439808",
    "24, 16, 1024, 1024, PRE, 50257, 354823168",
    "36, 20, 1280, 1024, PRE, 50257, 774030080",
    "48, 25, 1600, 1024, PRE, 50257, 1557611200",
    "12, 12, 768, 512, POST, 40478, 116534784"
  })
  void theModelsThatWereReleasedAreCountedExactly(
      int layers,
      int heads,
      int width,
      int context,
      NormPlacement norm,
      int vocabulary,
      long count) {
    TransformerConfig config =
        new TransformerConfig(vocabulary, context, layers, heads, width, 0).withNorm(norm);
    assertThat(GptSizes.count(config)).isEqualTo(count);
    assertThat(ParameterCount.total(ParameterCount.byPart(config.build().layout())))
        .isEqualTo(count);
  }

  @Test
  void thePartsAreThoseOfTheFormula() {
    long c = 768;
    assertThat(
            ParameterCount.byPart(
                new TransformerConfig(50257, 1024, 12, 12, 768, 0).build().layout()))
        .containsExactly(
            new ParameterCount("token embeddings and head", 50257 * c),
            new ParameterCount("position embeddings", 1024 * c),
            new ParameterCount("layer normalization", 12 * 4 * c),
            new ParameterCount("attention", 12 * (4 * c * c + 4 * c)),
            new ParameterCount("feed-forward", 12 * (8 * c * c + 5 * c)),
            new ParameterCount("last layer normalization", 2 * c));
  }

  /** All four figures of GPT-2's table are those of the smaller vocabulary. */
  @ParameterizedTest
  @CsvSource({"gpt2-small, 117M", "gpt2-medium, 345M", "gpt2-large, 762M", "gpt2-xl, 1542M"})
  void theFiguresOfGpt2AreThoseOfTheVocabularyOfGpt(String preset, String figure) {
    GptSizes.Size size = GptSizes.find(preset).orElseThrow();
    assertThat(size.figure()).isEqualTo(figure);
    assertThat(size.agreesWith(count(size, 40_478))).isTrue();
    assertThat(size.agreesWith(count(size, 50_257))).isFalse();
  }

  /** The parameters of table D.1, in millions, to three digits, four where it has them. */
  @ParameterizedTest
  @CsvSource({
    "gpt3-small, 12, 768, 125, 0.5",
    "gpt3-medium, 16, 1024, 356, 0.5",
    "gpt3-large, 16, 1536, 760, 0.5",
    "gpt3-xl, 16, 2048, 1320, 5",
    "gpt3-2.7b, 32, 2560, 2650, 5",
    "gpt3-6.7b, 32, 4096, 6660, 5",
    "gpt3-13b, 40, 5120, 12850, 5",
    "gpt3-175b, 96, 12288, 174600, 50"
  })
  void theParametersOfGpt3AreThoseOfItsTableOfCosts(
      String preset, int heads, int width, double millions, double rounding) {
    GptSizes.Size size = GptSizes.find(preset).orElseThrow();
    TransformerConfig config = new TransformerConfig(50_257, 2048, size.layers(), heads, width, 0);
    long count = GptSizes.count(config);
    assertThat(count / 1e6).isCloseTo(millions, within(rounding));
    assertThat(size.agreesWith(count)).isEqualTo(!preset.equals("gpt3-medium"));
  }

  /** Operations and petaflop/s-days of table D.1, for 300 billion tokens. */
  @ParameterizedTest
  @CsvSource({
    "125, 2.25e20, 2.60",
    "356, 6.41e20, 7.42",
    "1320, 2.38e21, 27.5",
    "12850, 2.31e22, 268",
    "174600, 3.14e23, 3640"
  })
  void trainingGpt3CostsWhatItsPaperSays(long millions, double operations, double days) {
    TrainingCost cost = new TrainingCost(millions * 1_000_000, 300e9);
    assertThat(cost.operations()).isCloseTo(operations, within(operations * 0.005));
    assertThat(cost.petaflopDays()).isCloseTo(days, within(days * 0.005));
    assertThat(cost.seconds(1e15)).isCloseTo(cost.petaflopDays() * 86400, within(1.0));
  }

  @Test
  void aCostOfNothingIsRefused() {
    assertThatThrownBy(() -> new TrainingCost(1, 0)).hasMessageContaining("tokens");
    assertThatThrownBy(() -> new TrainingCost(1, Double.NaN)).hasMessageContaining("tokens");
  }

  private static long count(GptSizes.Size size, int vocabulary) {
    return GptSizes.count(
        new TransformerConfig(
            vocabulary, size.context(), size.layers(), size.heads(), size.width(), 0));
  }
}
