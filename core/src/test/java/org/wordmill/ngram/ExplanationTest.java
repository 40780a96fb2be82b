package org.wordmill.ngram;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.wordmill.lm.Explainable;
import org.wordmill.lm.Explanation;
import org.wordmill.lm.LanguageModel;
import org.wordmill.text.Vocabulary;

/** An explanation ends with the number that the model gives. */
class ExplanationTest {
  private static final Path COWS = Path.of("docs", "guide", "data", "cows.txt");

  /** Four, three, two, one and one of the eleven cows, counted by eye. */
  @Test
  void elevenCowsEatCornGrassHayIfAndWhich() throws IOException {
    NgramCounts counts = RandomText.count(Files.readString(COWS), 3);
    MaximumLikelihood model = new MaximumLikelihood(counts);
    String[] words = {"corn", "grass", "hay", "if", "which"};
    int[] eaten = {4, 3, 2, 1, 1};
    for (int i = 0; i < words.length; i++) {
      Explanation explained = explain(model, counts.vocabulary(), "cows eat " + words[i]);
      assertThat(explained.event()).isEqualTo("p(" + words[i] + " | cows eat)");
      assertThat(explained.probability()).isCloseTo(eaten[i] / 11.0, within(1e-15));
      assertThat(explained.steps())
          .extracting(Explanation.Step::value)
          .containsExactly((double) eaten[i], 11.0, eaten[i] / 11.0);
      assertThat(explained.steps().get(2).numbers()).isEqualTo(eaten[i] + " / 11");
    }
  }

  @Test
  void stepsOfATableAddUpToTheModelsLogProbability() {
    BackoffModel model = kneserNey(7, KneserNeyOptions.ofOrder(4)).toModel();
    Random random = new Random(11);
    for (int round = 0; round < 2000; round++) {
      int[] history = history(model.vocabulary(), random, 5);
      int token = random.nextInt(model.vocabulary().size());
      Explanation explained = model.explain(history, token);
      double expected = model.logProbability(state(model, history), token);
      assertThat(explained.logProbability()).isEqualTo(expected);
      double sum = explained.steps().stream().mapToDouble(Explanation.Step::value).sum();
      if (Double.isInfinite(expected)) {
        assertThat(sum).isEqualTo(expected);
      } else {
        assertThat(sum * Math.log(10)).isCloseTo(expected, within(1e-12));
      }
    }
  }

  @Test
  void maximumLikelihoodIsExplainedAsItIsScored() {
    NgramCounts counts = RandomText.count(RandomText.sentences(3, 60, 7), 3);
    MaximumLikelihood model = new MaximumLikelihood(counts);
    Random random = new Random(5);
    for (int round = 0; round < 2000; round++) {
      int[] history = history(model.vocabulary(), random, 4);
      int token = random.nextInt(model.vocabulary().size());
      double expected = model.logProbability(state(model, history), token);
      assertThat(model.explain(history, token).logProbability()).isEqualTo(expected);
    }
  }

  @Test
  void kneserNeyFromCountsIsExplainedAsTheTableScoresIt() {
    KneserNeyOptions plain = KneserNeyOptions.ofOrder(3);
    for (KneserNeyOptions options :
        List.of(
            plain,
            plain.withPruning("0,0,1"),
            plain.withPruning("1"),
            plain.withInterpolateUnigrams(false))) {
      KneserNey estimate = kneserNey(13, options);
      Vocabulary counted = estimate.counts().vocabulary();
      BackoffModel table = estimate.toModel();
      Random random = new Random(17);
      for (int round = 0; round < 500; round++) {
        int[] history = history(table.vocabulary(), random, 4);
        int token = random.nextInt(table.vocabulary().size());
        double expected = table.logProbability(state(table, history), token);
        int[] ids =
            Arrays.stream(history).map(id -> counted.id(table.vocabulary().token(id))).toArray();
        Explanation explained = estimate.explain(ids, counted.id(table.vocabulary().token(token)));
        double last = explained.steps().get(explained.steps().size() - 1).value();
        assertThat(last).isCloseTo(explained.probability(), within(1e-12));
        if (Double.isInfinite(expected)) {
          assertThat(explained.probability()).isZero();
        } else if (expected > -99) {
          assertThat(explained.logProbability())
              .as(options + ": " + explained)
              .isCloseTo(expected, within(1e-5));
        }
      }
    }
  }

  private static KneserNey kneserNey(long seed, KneserNeyOptions options) {
    return KneserNey.estimate(
        RandomText.count(RandomText.sentences(seed, 300, 12), options.order()),
        options.withFallbackDiscounts(Discounts.FALLBACK));
  }

  private static int[] history(Vocabulary vocabulary, Random random, int longest) {
    int[] history = new int[random.nextInt(longest + 1)];
    for (int i = 0; i < history.length; i++) {
      do {
        history[i] = random.nextInt(vocabulary.size());
      } while ((i > 0 && history[i] == vocabulary.begin()) || history[i] == vocabulary.end());
    }
    return history;
  }

  private static LanguageModel.State state(LanguageModel model, int[] history) {
    LanguageModel.State state = NgramContext.empty();
    for (int word : history) {
      state = model.advance(state, word);
    }
    return state;
  }

  private static Explanation explain(Explainable model, Vocabulary vocabulary, String ngram) {
    int[] ids = Arrays.stream(ngram.split(" ")).mapToInt(vocabulary::id).toArray();
    return model.explain(Arrays.copyOf(ids, ids.length - 1), ids[ids.length - 1]);
  }
}
