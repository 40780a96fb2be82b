package org.wordmill.ngram;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.wordmill.lm.LanguageModel;
import org.wordmill.lm.Mixture;
import org.wordmill.text.Vocabulary;

/** One table of several models, against the models themselves. */
class StaticMixtureTest {
  private static final String FIRST = "a b c\na b\nc a b b\nb\n";
  private static final String SECOND = "c c a\nb a c\na a\nc b a b\n";

  private static BackoffModel model(String text, int order) {
    return SmoothedCounts.estimate(
            RandomText.count(text, order), KneserNeyOptions.ofOrder(order), new WittenBell())
        .toModel();
  }

  /** Both texts have the words a, b and c, so the models are a mixture at query time too. */
  @Test
  void ngramsOfTheTableHaveTheProbabilitiesOfTheMixture() {
    List<BackoffModel> models = List.of(model(FIRST, 3), model(SECOND, 2));
    BackoffModel mixed = StaticMixture.mix(models, 3, 1);
    Mixture mixture = new Mixture(models, 0.75, 0.25);
    int compared = 0;
    int[] ngram = new int[3];
    for (int k = 1; k <= 3; k++) {
      for (int i = 0; i < mixed.size(k); i++) {
        mixed.ngram(k, i, ngram);
        String first = mixed.vocabulary().token(ngram[0]);
        if (k == 1 || first.equals(Vocabulary.BEGIN)) {
          continue;
        }
        double expected = 0;
        for (int m = 0; m < 2; m++) {
          LanguageModel.State state = NgramContext.empty();
          Vocabulary own = models.get(m).vocabulary();
          for (int j = 0; j < k - 1; j++) {
            state = models.get(m).advance(state, own.id(mixed.vocabulary().token(ngram[j])));
          }
          int word = own.id(mixed.vocabulary().token(ngram[k - 1]));
          expected += (m == 0 ? 0.75 : 0.25) * Math.exp(models.get(m).logProbability(state, word));
        }
        assertThat(Math.pow(10, mixed.log10Probability(k, i)))
            .isCloseTo(expected, within(1e-6 * expected));
        compared++;
      }
    }
    assertThat(compared).isGreaterThan(15);
    int start = mixed.vocabulary().id("c");
    assertThat(Math.exp(mixed.logProbability(mixed.start(), start)))
        .isCloseTo(
            Math.exp(mixture.logProbability(mixture.start(), mixture.vocabulary().id("c"))),
            within(1e-6));
  }

  @Test
  void theTableSumsToOneWhateverWordsTheModelsKnow() {
    BackoffModel mixed =
        StaticMixture.mix(
            List.of(
                model("x y z\nx\ny y\n", 2),
                model(FIRST, 4),
                SmoothedCounts.estimate(
                        RandomText.count(RandomText.sentences(3, 60, 9), 3),
                        KneserNeyOptions.ofOrder(3),
                        new WittenBell())
                    .toModel()),
            0.2,
            0.3,
            0.5);
    assertThat(mixed.order()).isEqualTo(4);
    Vocabulary words = mixed.vocabulary();
    assertThat(words.tokens()).contains("x", "a", "w0").doesNotHaveDuplicates();
    Random random = new Random(1);
    for (int round = 0; round < 200; round++) {
      LanguageModel.State state = round % 2 == 0 ? mixed.start() : NgramContext.empty();
      for (int length = random.nextInt(4); length > 0; length--) {
        int word = random.nextInt(words.size());
        state = mixed.advance(state, word == words.begin() ? words.unknown() : word);
      }
      double sum = 0;
      for (int word = 0; word < words.size(); word++) {
        sum += Math.exp(mixed.logProbability(state, word));
      }
      assertThat(sum).isCloseTo(1, within(5e-6));
    }
  }

  @Test
  void aModelAloneStaysAsItIs() {
    BackoffModel model = model(FIRST, 3);
    BackoffModel mixed = StaticMixture.mix(List.of(model, model(SECOND, 1)), 1, 0);
    for (int k = 1; k <= 3; k++) {
      assertThat(mixed.size(k)).isEqualTo(model.size(k));
      for (int i = 0; i < model.size(k); i++) {
        assertThat(mixed.log10Probability(k, i))
            .isCloseTo(model.log10Probability(k, i), within(1e-6f));
      }
    }
  }
}
