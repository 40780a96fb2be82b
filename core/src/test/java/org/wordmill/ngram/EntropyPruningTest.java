package org.wordmill.ngram;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.wordmill.error.ExitCode;
import org.wordmill.error.WordmillException;
import org.wordmill.lm.LanguageModel;
import org.wordmill.text.Vocabulary;

/** Pruning against the relative entropy itself, summed over the whole vocabulary. */
class EntropyPruningTest {
  private static final BackoffModel MODEL = model(new WittenBell(), 3);

  private static BackoffModel model(CountSmoothing smoothing, int order) {
    NgramCounts counts = RandomText.count(RandomText.sentences(19, 120, 14), order);
    return SmoothedCounts.estimate(
            counts,
            KneserNeyOptions.ofOrder(order).withFallbackDiscounts(Discounts.FALLBACK),
            smoothing)
        .toModel();
  }

  @Test
  void whatGoesIsWhatTheRelativeEntropyOverAllWordsSays() {
    Map<List<String>, Double> changes = new HashMap<>();
    int[] ngram = new int[3];
    for (int i = 0; i < MODEL.size(3); i++) {
      MODEL.ngram(3, i, ngram);
      changes.put(words(MODEL, ngram, 3), change(MODEL, ngram.clone()));
    }
    List<Double> sorted = changes.values().stream().sorted().toList();
    for (int share : new int[] {10, 50, 90}) {
      int at = sorted.size() * share / 100;
      double threshold = (sorted.get(at) + sorted.get(at - 1)) / 2;
      BackoffModel pruned = EntropyPruning.prune(MODEL, threshold).model();
      Map<List<String>, Double> kept = new HashMap<>();
      for (int i = 0; i < pruned.size(3); i++) {
        pruned.ngram(3, i, ngram);
        List<String> words = words(pruned, ngram, 3);
        kept.put(words, changes.getOrDefault(words, Double.NaN));
      }
      assertThat(kept.size()).isLessThan(changes.size()).isPositive();
      changes.forEach(
          (words, change) -> {
            if (Math.abs(change - threshold) > 1e-3 * threshold) {
              assertThat(kept.containsKey(words))
                  .as("%s changes perplexity by %g", words, change)
                  .isEqualTo(change >= threshold);
            }
          });
    }
  }

  /** exp(D) - 1 for one trigram: the table without it, renormalised, against the table with it. */
  private static double change(BackoffModel model, int[] ngram) {
    Vocabulary words = model.vocabulary();
    LanguageModel.State h = model.advance(model.advance(NgramContext.empty(), ngram[0]), ngram[1]);
    LanguageModel.State shorter = model.advance(NgramContext.empty(), ngram[1]);
    double left = 0;
    double below = 0;
    for (int v = 0; v < words.size(); v++) {
      if (v != words.begin() && (v == ngram[2] || model.matchedLength(h, v) < 3)) {
        left += p(model, h, v);
        below += p(model, shorter, v);
      }
    }
    double divergence = 0;
    for (int v = 0; v < words.size(); v++) {
      if (v != words.begin() && (v == ngram[2] || model.matchedLength(h, v) < 3)) {
        double without = left / below * p(model, shorter, v);
        divergence += p(model, h, v) * Math.log(p(model, h, v) / without);
      }
    }
    int first = ngram[0] == words.begin() ? words.end() : ngram[0];
    double history =
        p(model, NgramContext.empty(), first)
            * p(model, model.advance(NgramContext.empty(), ngram[0]), ngram[1]);
    return Math.expm1(history * divergence);
  }

  @ParameterizedTest
  @ValueSource(doubles = {1e-6, 1e-4, 1e-3, 1})
  void whatIsLeftSumsToOneAndKeepsItsProbabilities(double threshold) {
    for (CountSmoothing smoothing :
        List.of(new WittenBell(), new AbsoluteDiscounting(), new AddK(0.5))) {
      BackoffModel model = model(smoothing, 4);
      EntropyPruning.Pruned result = EntropyPruning.prune(model, threshold);
      BackoffModel pruned = result.model();
      for (int k = 1; k <= 4; k++) {
        assertThat(pruned.size(k)).isEqualTo(model.size(k) - result.pruned().get(k - 1));
      }
      Random random = new Random(7);
      for (int round = 0; round < 200; round++) {
        int[] history = history(pruned.vocabulary(), random);
        LanguageModel.State state = state(pruned, history);
        LanguageModel.State before = state(model, history);
        double sum = 0;
        for (int v = 0; v < pruned.vocabulary().size(); v++) {
          sum += p(pruned, state, v);
          if (pruned.matchedLength(state, v) == history.length + 1) {
            assertThat(pruned.logProbability(state, v)).isEqualTo(model.logProbability(before, v));
          }
        }
        assertThat(sum).isCloseTo(1, within(5e-6));
      }
    }
  }

  @Test
  void aModelOfUnigramsIsLeftWhenEverythingGoes() {
    BackoffModel pruned = EntropyPruning.prune(MODEL, 1e9).model();
    assertThat(pruned.size(1)).isEqualTo(MODEL.size(1));
    assertThat(pruned.size(2)).isZero();
    assertThat(pruned.size(3)).isZero();
  }

  @Test
  void theThresholdZeroChangesNothing() {
    BackoffModel pruned = EntropyPruning.prune(MODEL, 0).model();
    int[] ngram = new int[3];
    for (int k = 1; k <= 3; k++) {
      assertThat(pruned.size(k)).isEqualTo(MODEL.size(k));
      for (int i = 0; i < MODEL.size(k); i++) {
        pruned.ngram(k, i, ngram);
        assertThat(pruned.log10Probability(k, i)).isEqualTo(MODEL.log10Probability(k, i));
        if (k < 3) {
          assertThat(pruned.log10Backoff(k, i)).isCloseTo(MODEL.log10Backoff(k, i), within(1e-6f));
        }
      }
    }
  }

  /** p = 0.5 of a seen word, 0.1 of it below, 0.25 left, of 0.6 below: by hand. */
  @Test
  void lossByHand() {
    double weight = 0.75 / 0.7;
    double expected = 0.5 * Math.log(0.5 / (weight * 0.1)) + 0.25 * Math.log(0.25 / 0.6 / weight);
    assertThat(EntropyPruning.loss(0.5, 0.1, 0.25, 0.6)).isCloseTo(expected, within(1e-15));
  }

  @Test
  void scoresThatAreNoDistributionAreRefused() {
    BackoffModel scores = model(new StupidBackoff(0.4), 2);
    assertThatThrownBy(() -> EntropyPruning.prune(scores, 1e-8))
        .isInstanceOfSatisfying(
            WordmillException.class, e -> assertThat(e.exitCode()).isEqualTo(ExitCode.BAD_INPUT))
        .hasMessageContaining("sum to 1.")
        .hasMessageContaining("estimate --prune");
  }

  @Test
  void aThresholdThatIsNoNumberIsRefused() {
    for (double threshold : new double[] {-1e-8, Double.NaN, Double.POSITIVE_INFINITY}) {
      assertThatThrownBy(() -> EntropyPruning.prune(MODEL, threshold))
          .isInstanceOf(WordmillException.class)
          .hasMessageContaining("--threshold");
    }
  }

  private static double p(BackoffModel model, LanguageModel.State state, int word) {
    return Math.exp(model.logProbability(state, word));
  }

  private static List<String> words(BackoffModel model, int[] ngram, int order) {
    return IntStream.of(ngram).limit(order).mapToObj(model.vocabulary()::token).toList();
  }

  private static int[] history(Vocabulary vocabulary, Random random) {
    int[] history = new int[random.nextInt(4)];
    for (int i = 0; i < history.length; i++) {
      do {
        history[i] = random.nextInt(vocabulary.size());
      } while ((i > 0 && history[i] == vocabulary.begin()) || history[i] == vocabulary.end());
    }
    return history;
  }

  private static LanguageModel.State state(BackoffModel model, int[] history) {
    LanguageModel.State state = NgramContext.empty();
    for (int word : history) {
      state = model.advance(state, word);
    }
    return state;
  }
}
