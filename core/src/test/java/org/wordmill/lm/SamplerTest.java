package org.wordmill.lm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Random;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

class SamplerTest {
  private static final double[] P = {0.4, 0.3, 0.15, 0.1, 0.05};

  /** The 0.999 quantile of the chi-square distribution with 4 degrees of freedom. */
  private static final double QUANTILE_4 = 18.467;

  @Test
  void drawsFollowTheProbabilities() {
    assertThat(chiSquare(frequencies(Sampler.PLAIN, 50_000), P)).isLessThan(QUANTILE_4);
  }

  @Test
  void temperatureRaisesProbabilitiesToItsInverse() {
    double[] expected = new double[P.length];
    double sum = 0;
    for (int i = 0; i < P.length; i++) {
      sum += expected[i] = Math.pow(P[i], 1 / 0.5);
    }
    for (int i = 0; i < P.length; i++) {
      expected[i] /= sum;
    }
    int[] counts = frequencies(new Sampler(0.5, 0, 1), 50_000);
    assertThat(chiSquare(counts, expected)).isLessThan(QUANTILE_4);
    assertThat(chiSquare(counts, P)).isGreaterThan(QUANTILE_4);
  }

  @Test
  void topKKeepsTheMostLikelyTokensInProportion() {
    int[] counts = frequencies(new Sampler(1, 2, 1), 20_000);
    assertThat(counts[2] + counts[3] + counts[4]).isZero();
    assertThat(counts[0] / 20_000.0).isCloseTo(0.4 / 0.7, within(0.02));
  }

  @Test
  void topPKeepsTheFewestTokensThatReachIt() {
    assertThat(frequencies(new Sampler(1, 0, 0.75), 20_000))
        .satisfies(
            counts -> {
              assertThat(counts[2]).isPositive();
              assertThat(counts[3] + counts[4]).isZero();
            });
    int[] first = frequencies(new Sampler(1, 0, 0.01), 100);
    assertThat(first[0]).isEqualTo(100);
  }

  @Test
  void topPIsAShareOfWhatTopKLeft() {
    // Of the two kept, 0.4/0.7 = 0.57 reaches 0.5 alone.
    assertThat(frequencies(new Sampler(1, 2, 0.5), 100)[0]).isEqualTo(100);
  }

  @Test
  void restrictionsFindTheMostLikelyTokensWhateverTheirOrder() {
    Random random = new Random(2);
    for (int round = 0; round < 200; round++) {
      float[] log = new float[30];
      for (int i = 0; i < log.length; i++) {
        log[i] =
            (float) (4 * random.nextGaussian()); // Values above 0 are allowed, up to a constant.
      }
      int token = new Sampler(1, 5, 1).sample(log, new SplittableRandom(round));
      int better = 0;
      for (float other : log) {
        better += other > log[token] ? 1 : 0;
      }
      assertThat(better).isLessThan(5);
    }
  }

  @Test
  void temperatureZeroTakesTheMostLikelyAndTheLowestIdAmongEquals() {
    RandomGenerator random = new SplittableRandom(1);
    assertThat(Sampler.GREEDY.sample(new float[] {-3, -1, -2, -1}, random)).isEqualTo(1);
    assertThat(new Sampler(1, 1, 1).sample(new float[] {-3, -1, -2}, random)).isEqualTo(1);
  }

  @Test
  void impossibleTokensAreNeverDrawn() {
    float[] log = {Float.NEGATIVE_INFINITY, (float) Math.log(0.5), Float.NEGATIVE_INFINITY};
    RandomGenerator random = new SplittableRandom(1);
    for (int i = 0; i < 100; i++) {
      assertThat(Sampler.PLAIN.sample(log, random)).isEqualTo(1);
    }
  }

  @Test
  void whatCannotBeDrawnFromIsRefused() {
    RandomGenerator random = new SplittableRandom(1);
    float none = Float.NEGATIVE_INFINITY;
    for (float[] bad : new float[][] {{}, {none, none}, {Float.NaN, -1}, {-1, Float.NaN}}) {
      assertThatThrownBy(() -> Sampler.PLAIN.sample(bad, random))
          .isInstanceOf(IllegalArgumentException.class);
    }
    assertThatThrownBy(() -> new Sampler(-1, 0, 1)).hasMessageContaining("temperature");
    assertThatThrownBy(() -> new Sampler(Double.NaN, 0, 1)).hasMessageContaining("temperature");
    assertThatThrownBy(() -> new Sampler(1, -1, 1)).hasMessageContaining("top-k");
    assertThatThrownBy(() -> new Sampler(1, 0, 0)).hasMessageContaining("top-p");
  }

  private static int[] frequencies(Sampler sampler, int draws) {
    float[] log = new float[P.length];
    for (int i = 0; i < P.length; i++) {
      log[i] = (float) Math.log(P[i]);
    }
    RandomGenerator random = new SplittableRandom(20261122);
    int[] counts = new int[P.length];
    for (int i = 0; i < draws; i++) {
      counts[sampler.sample(log, random)]++;
    }
    return counts;
  }

  private static double chiSquare(int[] counts, double[] probabilities) {
    int n = 0;
    for (int count : counts) {
      n += count;
    }
    double sum = 0;
    for (int i = 0; i < counts.length; i++) {
      double expected = n * probabilities[i];
      sum += (counts[i] - expected) * (counts[i] - expected) / expected;
    }
    return sum;
  }
}
