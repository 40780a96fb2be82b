package org.wordmill.ngram;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.wordmill.lm.LanguageModel;
import org.wordmill.lm.LanguageModelContract;
import org.wordmill.text.Vocabulary;

class BackoffModelTest extends LanguageModelContract {
  private static final int UNK = 0;
  private static final int S = 1;
  private static final int END = 2;
  private static final int A = 3;
  private static final int B = 4;

  @Override
  protected LanguageModel model() {
    return KneserNey.estimate(
            RandomText.count(RandomText.sentences(1, 200, 50), 4),
            KneserNeyOptions.ofOrder(4).withFallbackDiscounts(Discounts.FALLBACK))
        .toModel();
  }

  @Test
  void aProbabilityIsTheLongestMatchPlusTheBackoffsOfLongerContexts() {
    BackoffModel model = small();
    LanguageModel.State a = model.advance(model.start(), A);
    assertThat(model.log10Probability(model.start(), A)).isEqualTo(-0.25f);
    assertThat(model.log10Probability(a, B)).isEqualTo(-0.125f);
    assertThat(model.log10Probability(a, A)).isCloseTo(-0.5 - 0.0625 - 1, within(1e-7));
    assertThat(model.log10Probability(a, UNK)).isCloseTo(-0.5 - 0.0625 - 3, within(1e-7));
    assertThat(model.log10Probability(model.advance(a, UNK), B)).isEqualTo(-2f);
    assertThat(model.logProbability(a, B)).isCloseTo(-0.125 * Math.log(10), within(1e-12));
  }

  @Test
  void matchedLengthIsThatOfTheLongestNgramFound() {
    BackoffModel model = small();
    LanguageModel.State a = model.advance(model.start(), A);
    assertThat(model.matchedLength(model.start(), A)).isEqualTo(2);
    assertThat(model.matchedLength(a, B)).isEqualTo(3);
    assertThat(model.matchedLength(a, END)).isEqualTo(1);
    assertThat(model.matchedLength(model.advance(a, UNK), B)).isEqualTo(1);
  }

  @Test
  void aSuffixThatIsMissingDoesNotHideLongerMatches() {
    // The table has "<s> a b" and not "a b", as tables pruned by entropy may.
    BackoffModel model = small();
    LanguageModel.State a = model.advance(model.start(), A);
    LanguageModel.State ab = model.advance(a, B);
    assertThat(model.log10Probability(ab, END)).isCloseTo(-0.75 - 1.5, within(1e-7));
  }

  @Test
  void equalContextsAreEqualStates() {
    BackoffModel model = small();
    LanguageModel.State one = model.advance(model.advance(model.start(), A), B);
    LanguageModel.State two = model.advance(model.advance(model.advance(one, END), A), B);
    assertThat(model.advance(two, A)).isEqualTo(model.advance(two, A));
    assertThat(model.start()).isNotEqualTo(model.advance(model.start(), A));
  }

  @Test
  void theBuilderRefusesDuplicatesAndMissingContexts() {
    BackoffModel.Builder builder = new BackoffModel.Builder(2, vocabulary());
    assertThat(builder.add(new int[] {A}, 1, -1, 0)).isEqualTo(A);
    assertThat(builder.add(new int[] {A}, 1, -1, 0)).isEqualTo(BackoffModel.Builder.DUPLICATE);
    assertThat(builder.add(new int[] {A, B}, 2, -1, 0)).isZero();
    assertThat(builder.add(new int[] {A, B}, 2, -1, 0)).isEqualTo(BackoffModel.Builder.DUPLICATE);
    assertThatThrownBy(builder::build)
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("<unk>");
    BackoffModel.Builder third = new BackoffModel.Builder(3, vocabulary());
    assertThat(third.add(new int[] {A, B, A}, 3, -1, 0))
        .isEqualTo(BackoffModel.Builder.MISSING_CONTEXT);
  }

  private static BackoffModel small() {
    BackoffModel.Builder builder = new BackoffModel.Builder(3, vocabulary());
    builder.add(new int[] {UNK}, 1, -3, 0);
    builder.add(new int[] {S}, 1, 0, -0.375f);
    builder.add(new int[] {END}, 1, -1.5f, 0);
    builder.add(new int[] {A}, 1, -1, -0.0625f);
    builder.add(new int[] {B}, 1, -2, -0.75f);
    builder.add(new int[] {S, A}, 2, -0.25f, -0.5f);
    builder.add(new int[] {S, A, B}, 3, -0.125f, 0);
    return builder.build();
  }

  private static Vocabulary vocabulary() {
    return new Vocabulary(List.of("<unk>", "<s>", "</s>", "a", "b"));
  }
}
