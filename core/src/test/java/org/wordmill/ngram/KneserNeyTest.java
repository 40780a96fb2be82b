package org.wordmill.ngram;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.wordmill.error.ExitCode;
import org.wordmill.error.WordmillException;
import org.wordmill.text.Vocabulary;

class KneserNeyTest {
  private static final List<List<String>> TEXT = RandomText.sentences(3, 150, 40);

  static List<KneserNeyOptions> options() {
    List<KneserNeyOptions> all = new ArrayList<>();
    for (int order : new int[] {1, 2, 3, 4}) {
      KneserNeyOptions plain =
          KneserNeyOptions.ofOrder(order).withFallbackDiscounts(Discounts.FALLBACK);
      all.add(plain);
      all.add(plain.withInterpolateUnigrams(false));
      all.add(plain.withPruning(order < 3 ? "1" : "0,1,2"));
      all.add(plain.withPruning("3").withInterpolateUnigrams(false));
    }
    return all;
  }

  @ParameterizedTest
  @MethodSource("options")
  void everyProbabilityIsThatOfTheFormulas(KneserNeyOptions options) {
    NaiveKneserNey naive = new NaiveKneserNey(TEXT, options);
    NgramCounts counts = RandomText.count(TEXT, options.order());
    KneserNey estimate = KneserNey.estimate(counts, options);
    for (List<String> ngram : naive.ngrams()) {
      String word = ngram.get(ngram.size() - 1);
      if (word.equals("<s>")) {
        continue;
      }
      int[] ids = ngram.stream().mapToInt(counts.vocabulary()::id).toArray();
      double expected =
          naive.isPruned(ngram) ? 0 : naive.probability(ngram.subList(0, ngram.size() - 1), word);
      assertThat(estimate.probability(ids)).as("%s", ngram).isCloseTo(expected, within(1e-14));
    }
    assertThat(estimate.probability(counts.vocabulary().unknown()))
        .isCloseTo(naive.probability(List.of(), "<unk>"), within(1e-14));
  }

  @ParameterizedTest
  @MethodSource("options")
  void probabilitiesSumToOneAfterSeenAndUnseenHistories(KneserNeyOptions options) {
    NgramCounts counts = RandomText.count(TEXT, options.order());
    KneserNey estimate = KneserNey.estimate(counts, options);
    Vocabulary vocabulary = counts.vocabulary();
    Random random = new Random(5);
    for (int round = 0; round < 200; round++) {
      List<String> source = TEXT.get(random.nextInt(TEXT.size()));
      int length = random.nextInt(options.order());
      int[] history = new int[length];
      for (int i = 0; i < length; i++) {
        // Half of the histories follow the text, the others are words at random.
        history[i] =
            round % 2 == 0 && i < source.size()
                ? vocabulary.id(source.get(i))
                : random.nextInt(vocabulary.size());
      }
      double sum = 0;
      for (int word = 0; word < vocabulary.size(); word++) {
        sum += word == vocabulary.begin() ? 0 : backedOff(estimate, history, word);
      }
      assertThat(sum).isCloseTo(1, within(1e-9));
    }
  }

  /** p(word | history) in doubles by the back-off rule; a pruned unigram has probability 0. */
  private static double backedOff(KneserNey estimate, int[] history, int word) {
    int[] ngram = Arrays.copyOf(history, history.length + 1);
    ngram[history.length] = word;
    double own = estimate.probability(ngram);
    if (own > 0 || history.length == 0) {
      return own;
    }
    int[] shorter = Arrays.copyOfRange(history, 1, history.length);
    return estimate.gamma(history) * backedOff(estimate, shorter, word);
  }

  @Test
  void theTableHasTheKeptNgramsInLog10() {
    KneserNeyOptions options =
        KneserNeyOptions.ofOrder(3).withFallbackDiscounts(Discounts.FALLBACK).withPruning("0,1,2");
    NgramCounts counts = RandomText.count(TEXT, 3);
    KneserNey estimate = KneserNey.estimate(counts, options);
    BackoffModel model = estimate.toModel();
    int kept = 0;
    int[] ngram = new int[3];
    for (int i = 0; i < model.size(3); i++) {
      model.ngram(3, i, ngram);
      assertThat(counts.count(ngram)).isGreaterThan(2);
      assertThat(model.log10Probability(3, i))
          .isEqualTo((float) Math.log10(estimate.probability(ngram)));
      kept++;
    }
    assertThat(kept).isBetween(1, counts.size(3) - 1);
  }

  @Test
  void prunedUnigramsLeaveTheVocabularyButReservedWordsStay() {
    NgramCounts counts = RandomText.count("a a a b\na a c\n", 2);
    BackoffModel model =
        KneserNey.estimate(
                counts,
                KneserNeyOptions.ofOrder(2)
                    .withFallbackDiscounts(Discounts.FALLBACK)
                    .withPruning("1"))
            .toModel();
    assertThat(model.vocabulary().tokens()).containsExactly("<unk>", "<s>", "</s>", "a");
  }

  @Test
  void aSmallTextNeedsFallbackDiscounts() {
    NgramCounts counts = RandomText.count("a b\n", 2);
    assertThatThrownBy(() -> KneserNey.estimate(counts, KneserNeyOptions.ofOrder(2)))
        .isInstanceOfSatisfying(
            WordmillException.class, e -> assertThat(e.exitCode()).isEqualTo(ExitCode.BAD_INPUT))
        .hasMessageContaining("--discount-fallback");
  }

  @Test
  void anEmptyTextIsAnError() {
    NgramCounts counts = RandomText.count("", 2);
    assertThatThrownBy(() -> KneserNey.estimate(counts, KneserNeyOptions.ofOrder(2)))
        .isInstanceOf(WordmillException.class)
        .hasMessageContaining("empty");
  }
}
