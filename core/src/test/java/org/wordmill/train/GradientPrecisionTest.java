package org.wordmill.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.wordmill.error.ExitCode;
import org.wordmill.error.WordmillException;
import org.wordmill.kernel.Tensor;

class GradientPrecisionTest {

  private static float[] rounded(GradientPrecision precision, long seed, float... values) {
    Tensor tensor = Tensor.of(values, values.length);
    precision.round(tensor, seed);
    return tensor.toFloats();
  }

  @Test
  void anElementBecomesOneOfItsTwoNeighboursWithTheOddsThatMakeTheMeanExact() {
    // Of 2^-7 between neighbours, a quarter above the lower one.
    float value = -(1 + 0x1p-9f);
    float[] many = new float[200_001];
    Arrays.fill(many, value);
    double sum = 0;
    for (float each : rounded(GradientPrecision.BF16, 5, many)) {
      assertThat(each).isIn(-1f, -(1 + 0x1p-7f));
      sum += each;
    }
    assertThat(sum / many.length).isCloseTo(value, within(3e-5));
  }

  @Test
  void whatNeedsNoRoundingStaysAndWhatIsNotFiniteDoesToo() {
    float oddNaN = Float.intBitsToFloat(0x7F800001);
    assertThat(
            rounded(
                GradientPrecision.BF16,
                5,
                0,
                -0f,
                1,
                -0.75f,
                0x1p-126f,
                Float.POSITIVE_INFINITY,
                Float.NEGATIVE_INFINITY,
                oddNaN))
        .containsExactly(
            0,
            -0f,
            1,
            -0.75f,
            0x1p-126f,
            Float.POSITIVE_INFINITY,
            Float.NEGATIVE_INFINITY,
            Float.NaN);
    assertThat(rounded(GradientPrecision.FLOAT, 5, 0.1f)).containsExactly(0.1f);
  }

  @Test
  void theChoiceIsAFunctionOfTheSeedAndTheElement() {
    float[] many = new float[1000];
    Arrays.fill(many, 0.1f);
    float[] first = rounded(GradientPrecision.BF16, 5, many);
    assertThat(rounded(GradientPrecision.BF16, 5, many)).containsExactly(first);
    assertThat(rounded(GradientPrecision.BF16, 6, many)).isNotEqualTo(first);
    assertThat(Arrays.copyOfRange(first, 0, 500))
        .isNotEqualTo(Arrays.copyOfRange(first, 500, 1000));
  }

  @Test
  void itIsPartOfTheConfigurationWhereItIsNotFloat() {
    TrainingConfig config = SmallRun.config();
    TrainingConfig half = config.withGradients(GradientPrecision.BF16);
    assertThat(config.toJson().has("gradients")).isFalse();
    assertThatThrownBy(() -> half.requireResumable(config.toJson(), "here"))
        .hasMessageContaining("gradients is not there in the checkpoint and \"bf16\" now");
    assertThatThrownBy(() -> half.withOuterStep(new OuterStep(5, 1, 0)))
        .isInstanceOfSatisfying(
            WordmillException.class, e -> assertThat(e.exitCode()).isEqualTo(ExitCode.USAGE))
        .hasMessageContaining("gradients = bf16");
  }
}
