package org.wordmill.optim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class LearningRateTest {
  private final LearningRate cosine = new LearningRate.Cosine(1e-3, 1e-4, 100, 2000);

  @Test
  void warmUpRisesInEqualStepsAndReachesThePeak() {
    assertThat(cosine.at(0)).isCloseTo(1e-3 / 101, within(1e-18));
    assertThat(cosine.at(49)).isCloseTo(50e-3 / 101, within(1e-18));
    assertThat(cosine.at(99)).isLessThan(1e-3);
    assertThat(cosine.at(100)).isEqualTo(1e-3);
  }

  @Test
  void theCosineIsHalfwayInTheMiddleAndEndsAtTheMinimum() {
    assertThat(cosine.at(1050)).isCloseTo((1e-3 + 1e-4) / 2, within(1e-15));
    assertThat(cosine.at(100 + 475)).isCloseTo(1e-4 + 9e-4 * 0.8535533905932737, within(1e-15));
    assertThat(cosine.at(2000)).isEqualTo(1e-4);
    assertThat(cosine.at(1_000_000)).isEqualTo(1e-4);
  }

  @Test
  void withoutWarmUpTheFirstStepHasThePeak() {
    assertThat(new LearningRate.Cosine(2, 0, 0, 10).at(0)).isEqualTo(2);
    assertThat(new LearningRate.Constant(0.5).at(123)).isEqualTo(0.5);
  }

  @Test
  void aScheduleThatCannotBeIsRefused() {
    assertThatThrownBy(() -> new LearningRate.Cosine(1, 2, 0, 10)).hasMessageContaining("minimum");
    assertThatThrownBy(() -> new LearningRate.Cosine(1, 0, 11, 10)).hasMessageContaining("warm-up");
    assertThatThrownBy(() -> new LearningRate.Constant(Double.NaN)).hasMessageContaining("NaN");
  }

  @Test
  void clippingShortensLongGradientsOnly() {
    GradientClipping clipping = new GradientClipping(1.5);
    assertThat(clipping.factor(1.5)).isEqualTo(1);
    assertThat(clipping.factor(0)).isEqualTo(1);
    assertThat(clipping.factor(6)).isEqualTo(0.25);
    assertThat(new GradientClipping(0).factor(1e9)).isEqualTo(1);
  }
}
