package org.wordmill.ngram;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.wordmill.lm.Explanation;
import org.wordmill.lm.LanguageModel;
import org.wordmill.text.Vocabulary;

/** What holds for every smoothing of raw counts; each has a subclass with its formula. */
abstract class CountSmoothingContract {
  static final List<List<String>> TEXT = RandomText.sentences(3, 150, 40);
  private static final int ROUNDS = 200;

  abstract CountSmoothing smoothing();

  /** The formula in doubles over maps, for a word of the model after any history. */
  abstract double naive(NaiveCounts counts, List<String> history, String word);

  static List<KneserNeyOptions> options() {
    List<KneserNeyOptions> all = new ArrayList<>();
    for (int order : new int[] {1, 2, 3, 4}) {
      KneserNeyOptions plain = KneserNeyOptions.ofOrder(order);
      all.add(plain);
      all.add(plain.withPruning(order < 3 ? "1" : "0,1,2"));
    }
    return all;
  }

  private SmoothedCounts estimate(KneserNeyOptions options) {
    return SmoothedCounts.estimate(
        RandomText.count(TEXT, options.order()),
        options.withFallbackDiscounts(Discounts.FALLBACK),
        smoothing());
  }

  @ParameterizedTest
  @MethodSource("options")
  void everyProbabilityIsThatOfTheFormula(KneserNeyOptions options) {
    NaiveCounts naive = new NaiveCounts(TEXT, options);
    SmoothedCounts estimate = estimate(options);
    Vocabulary words = estimate.counts().vocabulary();
    int compared = 0;
    for (int[] history : histories(words, options.order())) {
      List<String> named = Arrays.stream(history).mapToObj(words::token).toList();
      for (String word : naive.vocabulary) {
        assertThat(estimate.probability(history, words.id(word)))
            .as("%s after %s", word, named)
            .isCloseTo(naive(naive, named, word), within(1e-13));
        compared++;
      }
    }
    assertThat(compared).isGreaterThan(1000);
  }

  @ParameterizedTest
  @MethodSource("options")
  void probabilitiesSumToOneAfterSeenAndUnseenHistories(KneserNeyOptions options) {
    SmoothedCounts estimate = estimate(options);
    BackoffModel table = estimate.toModel();
    Vocabulary words = estimate.counts().vocabulary();
    for (int[] history : histories(words, options.order())) {
      double sum = 0;
      double ofTable = 0;
      LanguageModel.State state = state(table, history, words);
      for (int word = 0; word < words.size(); word++) {
        sum += estimate.probability(history, word);
      }
      for (int word = 0; word < table.vocabulary().size(); word++) {
        ofTable += Math.exp(table.logProbability(state, word));
      }
      if (smoothing().isDistribution()) {
        assertThat(sum).isCloseTo(1, within(1e-6));
        assertThat(ofTable).isCloseTo(1, within(5e-6));
      } else {
        assertThat(sum).isPositive();
      }
    }
  }

  /** The table has n-grams and weights only; what it says of the others follows from these. */
  @ParameterizedTest
  @MethodSource("options")
  void theTableBacksOffToWhatTheEstimateSays(KneserNeyOptions options) {
    SmoothedCounts estimate = estimate(options);
    BackoffModel table = estimate.toModel();
    Vocabulary words = estimate.counts().vocabulary();
    for (int[] history : histories(words, options.order())) {
      LanguageModel.State state = state(table, history, words);
      for (String word : table.vocabulary().tokens()) {
        double expected = estimate.probability(history, words.id(word));
        double found = Math.exp(table.logProbability(state, table.vocabulary().id(word)));
        assertThat(found).as(word).isCloseTo(expected, within(5e-6 * expected + 1e-90));
      }
    }
  }

  @ParameterizedTest
  @MethodSource("options")
  void anExplanationEndsWithTheProbability(KneserNeyOptions options) {
    SmoothedCounts estimate = estimate(options);
    Vocabulary words = estimate.counts().vocabulary();
    Random random = new Random(29);
    for (int[] history : histories(words, options.order())) {
      int word = random.nextInt(words.size());
      Explanation explained = estimate.explain(history, word);
      double expected = estimate.probability(history, word);
      List<Explanation.Step> steps = explained.steps();
      assertThat(explained.probability()).isCloseTo(expected, within(1e-13));
      assertThat(steps.get(steps.size() - 1).value()).isCloseTo(expected, within(1e-13));
    }
  }

  @Test
  void beginOfSentenceIsNeverPredicted() {
    SmoothedCounts estimate = estimate(KneserNeyOptions.ofOrder(3));
    int begin = estimate.counts().vocabulary().begin();
    assertThat(estimate.probability(new int[0], begin)).isZero();
    assertThat(estimate.explain(new int[0], begin).probability()).isZero();
  }

  /**
   * Half of the histories follow the text, from the begin of a sentence or not; half are random.
   */
  private static List<int[]> histories(Vocabulary words, int order) {
    Random random = new Random(5);
    List<int[]> histories = new ArrayList<>();
    for (int round = 0; round < ROUNDS; round++) {
      List<String> source = new ArrayList<>(TEXT.get(random.nextInt(TEXT.size())));
      source.add(0, Vocabulary.BEGIN);
      int length = random.nextInt(order + 1);
      int from = random.nextInt(source.size());
      int[] history = new int[length];
      for (int i = 0; i < length; i++) {
        history[i] =
            round % 2 == 0 && from + i < source.size()
                ? words.id(source.get(from + i))
                : i == 0 && round % 3 == 0 ? words.begin() : randomWord(words, random);
      }
      histories.add(history);
    }
    return histories;
  }

  private static int randomWord(Vocabulary words, Random random) {
    int word = random.nextInt(words.size());
    return word == words.begin() || word == words.end() ? words.unknown() : word;
  }

  private static LanguageModel.State state(LanguageModel model, int[] history, Vocabulary words) {
    LanguageModel.State state = NgramContext.empty();
    for (int word : history) {
      state = model.advance(state, model.vocabulary().id(words.token(word)));
    }
    return state;
  }
}
