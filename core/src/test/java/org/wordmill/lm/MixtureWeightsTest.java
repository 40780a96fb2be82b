package org.wordmill.lm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import org.junit.jupiter.api.Test;

class MixtureWeightsTest {

  private static double[] logs(double... probabilities) {
    return Arrays.stream(probabilities).map(Math::log).toArray();
  }

  /** Against a search over a hundred thousand weights. */
  @Test
  void theWeightsAreWhereTheLikelihoodIsLargest() {
    double[] weights =
        MixtureWeights.fit(new double[][] {logs(0.5, 0.5, 0.1), logs(0.1, 0.1, 0.5)});
    double largest = Double.NEGATIVE_INFINITY;
    double best = 0;
    for (int i = 0; i <= 100_000; i++) {
      double w = i / 100_000.0;
      double likelihood = 2 * Math.log(0.5 * w + 0.1 * (1 - w)) + Math.log(0.1 * w + 0.5 * (1 - w));
      if (likelihood > largest) {
        largest = likelihood;
        best = w;
      }
    }
    assertThat(weights[0]).isCloseTo(best, within(1e-4));
    assertThat(weights[0] + weights[1]).isCloseTo(1, within(1e-12));
  }

  @Test
  void aModelThatIsNeverBetterGetsNothing() {
    double[] weights = MixtureWeights.fit(new double[][] {logs(0.5, 0.5), logs(0.1, 0.2)});
    assertThat(weights[0]).isCloseTo(1, within(1e-4));
  }

  @Test
  void whatIsImpossibleForAllSaysNothing() {
    double[] weights = MixtureWeights.fit(new double[][] {logs(0, 0.4), logs(0, 0.4)});
    assertThat(weights).containsExactly(0.5, 0.5);
  }

  @Test
  void textsOfDifferentLengthAreRefused() {
    assertThatThrownBy(() -> MixtureWeights.fit(new double[][] {logs(1), logs(1, 1)}))
        .hasMessageContaining("1 tokens of one model, 2 of another");
    assertThatThrownBy(() -> MixtureWeights.fit(new double[][] {{}, {}}))
        .hasMessageContaining("a text");
  }
}
