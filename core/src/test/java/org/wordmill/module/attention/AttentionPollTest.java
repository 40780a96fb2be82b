package org.wordmill.module.attention;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.wordmill.kernel.KernelChoice;
import org.wordmill.kernel.Precision;
import org.wordmill.kernel.Tensor;
import org.wordmill.module.Linear;
import org.wordmill.tape.Initializer;
import org.wordmill.tape.Module;
import org.wordmill.tape.Parameter;
import org.wordmill.tape.ParameterLayout;
import org.wordmill.tape.ParameterVector;
import org.wordmill.tape.Tape;

/**
 * The question of the lecture: what becomes of x_4' when x_2 and x_3 change places?
 *
 * <p>The values are x_1 = (1,0,0,0), x_2 = (0,1,0,0), x_3 = (0,0,2,0), x_4 = (0,0,0,1), the matrix
 * of values is the identity, and the matrices of queries and keys are such that x_4 hears them with
 * weights 0.1, 0.2, 0.6, 0.1. So x_4' = 0.1 x_1 + 0.2 x_2 + 0.6 x_3 + 0.1 x_4 = (0.1, 0.2, 1.2,
 * 0.1). The weights belong to what is heard and not to where it stands: swapped, x_2 is still heard
 * with 0.2 and x_3 with 0.6.
 */
final class AttentionPollTest {
  private static final int C = 4;
  private static final double[] IN_ORDER = {1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 2, 0, 0, 0, 0, 1};
  private static final double[] SWAPPED = {1, 0, 0, 0, 0, 0, 2, 0, 0, 1, 0, 0, 0, 0, 0, 1};
  private static final double[] ANSWER = {0.1, 0.2, 1.2, 0.1};
  private static final Initializer ANY = new Initializer.Constant(0);

  @Test
  void theAnswerIsTheWeightedSum() {
    assertThat(heardByTheFourth(new CausalAttention(1, 0), IN_ORDER))
        .containsExactly(ANSWER, within(1e-12));
  }

  @Test
  void swappingTheSecondAndThirdChangesNothing() {
    assertThat(heardByTheFourth(new CausalAttention(1, 0), SWAPPED))
        .containsExactly(ANSWER, within(1e-12));
  }

  /** With the weights 0.1, 0.2, 0.6, 0.1 left where they stood: 0.1, 0.6, 0.2 * 2, 0.1. */
  @Test
  void onlyWeightsThatStayInPlaceWouldChangeIt() {
    double[] weights = {0.1, 0.2, 0.6, 0.1};
    double[] y = new double[C];
    for (int j = 0; j < C; j++) {
      for (int c = 0; c < C; c++) {
        y[c] += weights[j] * SWAPPED[j * C + c];
      }
    }
    assertThat(y).containsExactly(new double[] {0.1, 0.6, 0.4, 0.1}, within(1e-12));
  }

  @Test
  void theCausalMaskLetsTheThirdHearTheDifference() {
    CausalAttention attention = new CausalAttention(1, 0);
    assertThat(heard(attention, IN_ORDER, 2)[2]).isPositive();
    assertThat(heard(attention, SWAPPED, 1)[1]).isZero();
    assertThat(heard(attention, IN_ORDER, 1)[1]).isPositive();
  }

  @Test
  void positionsInsideAttentionTellTheOrdersApart() {
    CausalAttention rotary = CausalAttention.rotary(1, 0);
    assertThat(distance(heardByTheFourth(rotary, IN_ORDER), heardByTheFourth(rotary, SWAPPED)))
        .isGreaterThan(0.1);
    CausalAttention relative = CausalAttention.relative("relative", 1, C, 0, ANY);
    assertThat(distance(heardByTheFourth(relative, IN_ORDER), heardByTheFourth(relative, SWAPPED)))
        .isGreaterThan(0.1);
  }

  private static double distance(double[] a, double[] b) {
    double largest = 0;
    for (int i = 0; i < a.length; i++) {
      largest = Math.max(largest, Math.abs(a[i] - b[i]));
    }
    return largest;
  }

  private static double[] heardByTheFourth(CausalAttention attention, double[] x) {
    return heard(attention, x, 3);
  }

  /** What one position makes of the four vectors {@code x}. */
  private static double[] heard(CausalAttention attention, double[] x, int position) {
    Linear queriesKeysValues = new Linear("c_attn", C, 3 * C, ANY);
    Module both =
        new Module() {
          @Override
          public List<Module> children() {
            return List.of(queriesKeysValues, attention);
          }
        };
    ParameterVector values = new ParameterVector(new ParameterLayout(both), Precision.DOUBLE);
    for (Parameter parameter : values.layout().parameters()) {
      double[] numbers = new double[Math.toIntExact(parameter.size())];
      if (parameter.name().equals("c_attn.weight")) {
        // The query of x_4 is (2, 0, 0, 0), and scores are halved by sqrt(d_k) = 2.
        numbers[3] = 2;
        // So the first number of a key is the score: the logarithm of the weight, and x_3 is 2
        // long.
        numbers[C * C] = Math.log(0.1);
        numbers[C * C + 1] = Math.log(0.2);
        numbers[C * C + 2] = Math.log(0.6) / 2;
        numbers[C * C + 3] = Math.log(0.1);
        for (int i = 0; i < C; i++) {
          numbers[(2 * C + i) * C + i] = 1;
        }
      } else if (parameter.name().equals("relative.weight")) {
        for (int distance = 0; distance < C; distance++) {
          numbers[distance] = -distance;
        }
      }
      values.of(parameter).copyFrom(numbers);
    }
    Tape tape = Tape.forEvaluation(KernelChoice.REFERENCE.create(Precision.DOUBLE), values);
    Tensor y =
        tape.apply(attention, tape.apply(queriesKeysValues, tape.constant(Tensor.of(x, 1, C, C))))
            .value();
    return y.view((long) position * C, C).toDoubles();
  }
}
