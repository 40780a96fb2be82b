package org.wordmill.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.wordmill.kernel.KernelChoice;
import org.wordmill.kernel.Kernels;
import org.wordmill.kernel.Precision;
import org.wordmill.kernel.ReferenceKernels;
import org.wordmill.kernel.RemoteKernels;
import org.wordmill.lm.LanguageModel;
import org.wordmill.lm.Sampler;
import org.wordmill.module.attention.NormPlacement;
import org.wordmill.module.attention.PositionKind;

/** Prediction with key-value caches against whole forward runs. */
final class KeyValueCacheTest {
  private static final int VOCABULARY = 65;

  @ParameterizedTest(name = "context {0}, seed {1}")
  @CsvSource({"64, 1", "64, 2", "64, 3", "64, 4", "64, 5", "7, 6", "1, 7", "256, 8"})
  void greedyTextEqualsThatOfWholeForwardsTokenForToken(int context, long seed) {
    RandomModel random = random(context, seed);
    int[] prompt = new SplittableRandom(seed).ints(20, 0, VOCABULARY).toArray();
    int[] cached = greedy(random.cached(), prompt, 200);
    assertThat(cached).isEqualTo(greedy(random.whole(), prompt, 200));
    // A model that repeats one token would hide a wrong cache.
    assertThat(Arrays.stream(cached).distinct().count()).isGreaterThan(1);
  }

  /** Windows that begin anew, pieces of many sizes, and branches, for every kind of positions. */
  @ParameterizedTest
  @EnumSource
  void everyKindOfPositionsPredictsAsWholeForwardsDo(PositionKind positions) {
    for (NormPlacement norm : NormPlacement.values()) {
      TransformerConfig config =
          new TransformerConfig(VOCABULARY, 16, 2, 4, 32, 0.1)
              .withPositions(positions)
              .withNorm(norm);
      RandomModel random = RandomModel.of(config, 17, 15, KernelChoice.AUTO);
      int[] prompt = new SplittableRandom(17).ints(5, 0, VOCABULARY).toArray();
      assertThat(greedy(random.cached(), prompt, 60)).isEqualTo(greedy(random.whole(), prompt, 60));

      LanguageModel cached = random.cached();
      LanguageModel whole = random.whole();
      int[] text = new SplittableRandom(18).ints(50, 0, VOCABULARY).toArray();
      double[] scores = new double[text.length];
      double[] expected = new double[text.length];
      LanguageModel.State state = cached.logProbabilities(cached.start(), text, scores);
      LanguageModel.State other = whole.logProbabilities(whole.start(), text, expected);
      assertThat(scores).containsExactly(expected, within(1e-4));
      assertSameDie(cached, state, whole, other);
      LanguageModel.State branch = cached.advance(cached.start(), text[0]);
      LanguageModel.State same = whole.advance(whole.start(), text[0]);
      assertSameDie(cached, branch, whole, same);
      assertSameDie(cached, cached.advance(branch, 7), whole, whole.advance(same, 7));
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2})
  void branchesOfManyTextsInTurnPredictAsFreshStatesDo(long seed) {
    RandomModel random = random(16, seed);
    LanguageModel cached = random.cached();
    LanguageModel whole = random.whole();
    SplittableRandom choice = new SplittableRandom(seed);
    List<LanguageModel.State> states = new ArrayList<>(List.of(cached.start()));
    List<LanguageModel.State> expected = new ArrayList<>(List.of(whole.start()));
    for (int round = 0; round < 150; round++) {
      // Mostly the newest, so that texts become longer than the context.
      int which = choice.nextInt(4) > 0 ? states.size() - 1 : choice.nextInt(states.size());
      int token = choice.nextInt(VOCABULARY);
      states.add(cached.advance(states.get(which), token));
      expected.add(whole.advance(expected.get(which), token));
      int asked = choice.nextInt(2) > 0 ? states.size() - 1 : choice.nextInt(states.size());
      assertSameDie(cached, states.get(asked), whole, expected.get(asked));
    }
  }

  @Test
  void askingAgainGivesTheSameBitsAsLongAsTheTextIsRemembered() {
    LanguageModel model = random(32, 9).cached();
    LanguageModel.State before = model.advance(model.advance(model.start(), 3), 4);
    float[] first = die(model, before);
    LanguageModel.State left = model.advance(before, 5);
    float[] firstLeft = die(model, left);
    LanguageModel.State right = model.advance(before, 6);
    float[] firstRight = die(model, right);
    assertThat(firstRight).isNotEqualTo(firstLeft);
    assertThat(die(model, before)).isEqualTo(first);
    assertThat(die(model, left)).isEqualTo(firstLeft);
    assertThat(die(model, right)).isEqualTo(firstRight);
  }

  @Test
  void aTextGeneratedTwiceIsTheSame() {
    LanguageModel model = random(32, 10).cached();
    int[] prompt = {1, 2, 3, 4, 5, 6, 7};
    int[] once = greedy(model, prompt, 100);
    assertThat(greedy(model, new int[] {9, 9, 9}, 100)).isNotEqualTo(once);
    assertThat(greedy(model, prompt, 100)).isEqualTo(once);
  }

  @Test
  void textsInPiecesOfAnySizeScoreAsWholeForwardsDo() {
    RandomModel random = random(16, 11);
    LanguageModel cached = random.cached();
    LanguageModel whole = random.whole();
    SplittableRandom choice = new SplittableRandom(11);
    LanguageModel.State state = cached.start();
    LanguageModel.State expected = whole.start();
    for (int piece = 0; piece < 20; piece++) {
      int[] tokens = choice.ints(choice.nextInt(60), 0, VOCABULARY).toArray();
      double[] scores = new double[tokens.length];
      double[] expectedScores = new double[tokens.length];
      state = cached.logProbabilities(state, tokens, scores);
      expected = whole.logProbabilities(expected, tokens, expectedScores);
      assertThat(scores).containsExactly(expectedScores, within(1e-4));
      assertSameDie(cached, state, whole, expected);
    }
  }

  @Test
  void thereAreFewCachesHoweverManyBranches() {
    RandomModel random = random(16, 12);
    Evaluator evaluator = evaluator(random, KernelChoice.AUTO.create(Precision.FLOAT));
    PrefixCaches caches = new PrefixCaches(evaluator, random.model().config());
    SplittableRandom choice = new SplittableRandom(12);
    for (int i = 0; i < 60; i++) {
      int[] tokens = choice.ints(1 + choice.nextInt(16), 0, VOCABULARY).toArray();
      assertThat(caches.hidden(tokens, 0, tokens.length).rows()).isEqualTo(tokens.length);
      assertThat(caches.size()).isLessThanOrEqualTo(8);
    }
    // One growing text needs one.
    PrefixCaches single = new PrefixCaches(evaluator, random.model().config());
    for (int length = 1; length <= 16; length++) {
      single.hidden(new int[length], length - 1, 1);
    }
    assertThat(single.size()).isEqualTo(1);
  }

  @Test
  void cachesMayLieInTheMemoryOfADevice() {
    RandomModel random = random(16, 13);
    TransformerConfig config = random.model().config();
    PrefixCaches near =
        new PrefixCaches(evaluator(random, new ReferenceKernels(Precision.FLOAT)), config);
    PrefixCaches far =
        new PrefixCaches(evaluator(random, RemoteKernels.of(Precision.FLOAT)), config);
    for (int[] tokens : new int[][] {{1, 2, 3, 4, 5}, {1, 2, 3, 4, 5, 6, 7}, {1, 2, 3, 8}}) {
      float[] expected = near.hidden(tokens, 0, tokens.length).toFloats();
      assertThat(far.hidden(tokens, 0, tokens.length).toFloats()).isEqualTo(expected);
    }
  }

  private static Evaluator evaluator(RandomModel random, Kernels kernels) {
    return new Evaluator(random.model(), random.values(), kernels);
  }

  private static void assertSameDie(
      LanguageModel model,
      LanguageModel.State state,
      LanguageModel reference,
      LanguageModel.State expected) {
    assertThat(die(model, state)).containsExactly(die(reference, expected), within(1e-4f));
  }

  private static float[] die(LanguageModel model, LanguageModel.State state) {
    float[] out = new float[model.vocabulary().size()];
    model.nextLogProbabilities(state, out);
    return out;
  }

  private static int[] greedy(LanguageModel model, int[] prompt, int tokens) {
    LanguageModel.State state = model.start();
    for (int token : prompt) {
      state = model.advance(state, token);
    }
    int[] drawn = new int[tokens];
    for (int i = 0; i < tokens; i++) {
      drawn[i] = Sampler.GREEDY.sample(die(model, state), new SplittableRandom(0));
      state = model.advance(state, drawn[i]);
    }
    return drawn;
  }

  private static RandomModel random(int context, long seed) {
    TransformerConfig config = new TransformerConfig(VOCABULARY, context, 2, 4, 32, 0.1);
    return RandomModel.of(config, seed, 15, KernelChoice.AUTO);
  }
}
