package org.wordmill.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The oracle itself against loops over the formulas; every output starts as NaN. */
final class ReferenceKernelsTest {
  private static final Precision DOUBLE = Precision.DOUBLE;

  private final Kernels kernels = new ReferenceKernels(DOUBLE);
  private final SplittableRandom random = new SplittableRandom(20170612);

  @Test
  void linearMultipliesByTheTransposedWeightAndAddsTheBias() {
    Tensor x = normal(2, 3, 5);
    Tensor w = normal(7, 5);
    Tensor b = normal(7);
    Tensor y = poisoned(2, 3, 7);
    kernels.linearForward(x, w, b, y);
    double[] xs = x.toDoubles();
    double[] ws = w.toDoubles();
    for (int n = 0; n < 6; n++) {
      for (int o = 0; o < 7; o++) {
        double sum = b.toDoubles()[o];
        for (int i = 0; i < 5; i++) {
          sum += xs[n * 5 + i] * ws[o * 5 + i];
        }
        assertThat(y.toDoubles()[n * 7 + o]).isCloseTo(sum, within(1e-13));
      }
    }
  }

  @Test
  void linearBackwardMultipliesByTheWeightAndByTheInput() {
    Tensor x = normal(6, 5);
    Tensor w = normal(7, 5);
    Tensor dy = normal(6, 7);
    Tensor dx = poisoned(6, 5);
    Tensor dw = filled(1, 7, 5);
    Tensor db = filled(1, 7);
    kernels.linearBackwardInput(dy, w, dx, false);
    kernels.linearBackwardParameters(x, dy, dw, db);
    for (int n = 0; n < 6; n++) {
      for (int i = 0; i < 5; i++) {
        double sum = 0;
        for (int o = 0; o < 7; o++) {
          sum += dy.toDoubles()[n * 7 + o] * w.toDoubles()[o * 5 + i];
        }
        assertThat(dx.toDoubles()[n * 5 + i]).isCloseTo(sum, within(1e-13));
      }
    }
    for (int o = 0; o < 7; o++) {
      double bias = 1;
      for (int n = 0; n < 6; n++) {
        bias += dy.toDoubles()[n * 7 + o];
      }
      assertThat(db.toDoubles()[o]).isCloseTo(bias, within(1e-13));
      for (int i = 0; i < 5; i++) {
        double sum = 1;
        for (int n = 0; n < 6; n++) {
          sum += dy.toDoubles()[n * 7 + o] * x.toDoubles()[n * 5 + i];
        }
        assertThat(dw.toDoubles()[o * 5 + i]).isCloseTo(sum, within(1e-13));
      }
    }
  }

  @Test
  void geluIsTheTanhFormOfGpt2() {
    // 0.5 x (1 + tanh(sqrt(2/pi) (x + 0.044715 x^3))), computed with 30 digits elsewhere.
    Tensor x = Tensor.of(new double[] {-3, -1, -0.5, 0, 0.5, 1, 3}, 7);
    Tensor y = poisoned(7);
    kernels.activationForward(Activation.GELU, x, y);
    double[] expected = {
      -0.00363739208177,
      -0.15880800939172,
      -0.15428599017486,
      0,
      0.34571400982515,
      0.84119199060828,
      2.99636260791823
    };
    for (int i = 0; i < expected.length; i++) {
      assertThat(y.toDoubles()[i]).isCloseTo(expected[i], within(1e-12));
    }
  }

  @ParameterizedTest
  @EnumSource(Activation.class)
  void activationsPassNanOn(Activation f) {
    Tensor x = Tensor.of(new double[] {1, Double.NaN, -1}, 3);
    Tensor y = Tensor.zeros(DOUBLE, 3);
    kernels.activationForward(f, x, y);
    assertThat(y.toDoubles()[1]).isNaN();
    assertThat(y.toDoubles()[0]).isFinite();
    assertThat(y.toDoubles()[2]).isFinite();
  }

  /** ND4J's own arithmetic with numbers turns NaN into 1e-5; a diverged training must show. */
  @ParameterizedTest
  @ValueSource(ints = {1, 2})
  void nanReachesTheResultsOfOneRowAndOfMany(int rows) {
    Tensor x = filled(1, rows, 3);
    x.view(0, 1).fill(Double.NaN);
    Tensor good = filled(1, rows, 3);
    Tensor y = filled(0, rows, 3);
    Tensor loss = filled(0, 1);
    Tensor gain = filled(1, 3);
    Tensor nan = poisoned(1);
    Ids ids = new Ids(new int[rows], 1, rows);

    kernels.softmaxForward(x, y);
    assertThat(firstIsNan(y)).isTrue();
    kernels.softmaxCrossEntropyForward(x, ids, y, loss);
    assertThat(firstIsNan(loss)).isTrue();
    kernels.softmaxCrossEntropyBackward(good, ids, nan, y, false);
    assertThat(firstIsNan(y)).isTrue();
    kernels.negativeLogLikelihoodBackward(good, ids, nan, y, false);
    assertThat(firstIsNan(y)).isTrue();
    kernels.layerNormForward(x, gain, gain, 1e-5, y, filled(0, rows), filled(0, rows));
    assertThat(firstIsNan(y)).isTrue();
    Tensor mean = filled(0, rows);
    kernels.layerNormBackward(
        good, gain, mean, poisoned(rows), good, y, false, filled(0, 3), filled(0, 3));
    assertThat(firstIsNan(y)).isTrue();
    kernels.linearForward(good, filled(1, 1, 3), nan, y.view(0, rows, 1));
    assertThat(firstIsNan(y)).isTrue();
    kernels.scale(good, Double.NaN);
    assertThat(firstIsNan(good)).isTrue();
  }

  @Test
  void softmaxOfLargeScoresStaysFinite() {
    Tensor x = Tensor.of(new double[] {1000, 1001, -5000, 0, 0, 0}, 2, 3);
    Tensor y = poisoned(2, 3);
    kernels.softmaxForward(x, y);
    double e = Math.exp(-1);
    assertThat(y.toDoubles())
        .containsExactly(
            new double[] {e / (1 + e), 1 / (1 + e), 0, 1 / 3.0, 1 / 3.0, 1 / 3.0}, within(1e-15));
  }

  @Test
  void softmaxCrossEntropyIsTheTwoSeparateModulesInOne() {
    Tensor logits = normal(5, 7);
    Ids targets = new Ids(new int[] {3, Ids.IGNORED, 0, 6, 3}, 1, 5);
    Tensor p = poisoned(5, 7);
    Tensor apart = poisoned(1);
    kernels.softmaxForward(logits, p);
    kernels.negativeLogLikelihoodForward(p, targets, apart);
    Tensor dLoss = filled(0.5, 1);
    Tensor dp = poisoned(5, 7);
    Tensor dApart = poisoned(5, 7);
    kernels.negativeLogLikelihoodBackward(p, targets, dLoss, dp, false);
    kernels.softmaxBackward(p, dp, dApart, false);

    Tensor together = poisoned(1);
    Tensor probabilities = poisoned(5, 7);
    Tensor dTogether = poisoned(5, 7);
    kernels.softmaxCrossEntropyForward(logits, targets, probabilities, together);
    kernels.softmaxCrossEntropyBackward(probabilities, targets, dLoss, dTogether, false);

    assertThat(together.toDoubles()[0]).isCloseTo(apart.toDoubles()[0], within(1e-13));
    assertThat(dTogether.toDoubles()).containsExactly(dApart.toDoubles(), within(1e-13));
    double byHand = 0;
    double[] ps = p.toDoubles();
    for (int n : new int[] {0, 2, 3, 4}) {
      byHand -= Math.log(ps[n * 7 + targets.values()[n]]);
    }
    assertThat(together.toDoubles()[0]).isCloseTo(byHand, within(1e-13));
  }

  @Test
  void lossOfNothingIsZero() {
    Ids none = new Ids(new int[] {Ids.IGNORED, Ids.IGNORED}, 1, 2);
    Tensor logits = normal(2, 3);
    Tensor loss = poisoned(1);
    Tensor gradient = poisoned(2, 3);
    kernels.softmaxCrossEntropyForward(logits, none, logits, loss);
    kernels.softmaxCrossEntropyBackward(logits, none, filled(1, 1), gradient, false);
    assertThat(loss.toDoubles()).containsExactly(0);
    assertThat(gradient.toDoubles()).containsOnly(0);
  }

  @Test
  void embeddingGradientsOfARepeatedTokenAdd() {
    Tensor table = normal(4, 3);
    Ids ids = new Ids(new int[] {2, 0, 2}, 1, 3);
    Tensor y = poisoned(1, 3, 3);
    kernels.embeddingForward(table, ids, y);
    assertThat(Arrays.copyOfRange(y.toDoubles(), 6, 9))
        .containsExactly(Arrays.copyOfRange(table.toDoubles(), 6, 9));
    Tensor dTable = filled(1, 4, 3);
    kernels.embeddingBackward(ids, filled(10, 1, 3, 3), dTable);
    assertThat(dTable.toDoubles()).containsExactly(11, 11, 11, 1, 1, 1, 21, 21, 21, 1, 1, 1);
  }

  @Test
  void layerNormHasAnEpsilonAndThePopulationVariance() {
    Tensor x = Tensor.of(new double[] {1, 2, 6, 4, 4, 4}, 2, 3);
    Tensor y = poisoned(2, 3);
    Tensor mean = poisoned(2);
    Tensor rstd = poisoned(2);
    kernels.layerNormForward(x, filled(2, 3), filled(0.5, 3), 1e-5, y, mean, rstd);
    double r = 1 / Math.sqrt(14 / 3.0 + 1e-5);
    assertThat(y.toDoubles())
        .containsExactly(
            new double[] {-4 * r + 0.5, -2 * r + 0.5, 6 * r + 0.5, 0.5, 0.5, 0.5}, within(1e-13));
    assertThat(mean.toDoubles()).containsExactly(new double[] {3, 4}, within(1e-15));
    assertThat(rstd.toDoubles()[1]).isCloseTo(1 / Math.sqrt(1e-5), within(1e-9));
  }

  @Test
  void attentionHearsItselfAndThePastAlone() {
    int batch = 2;
    int time = 5;
    int heads = 3;
    int d = 2;
    int width = heads * d;
    Tensor qkv = normal(batch, time, 3 * width);
    Tensor y = poisoned(batch, time, width);
    kernels.causalAttentionForward(qkv, heads, 0, 0, y, poisoned(batch, heads, time, time));
    double[] in = qkv.toDoubles();
    for (int b = 0; b < batch; b++) {
      for (int h = 0; h < heads; h++) {
        for (int t = 0; t < time; t++) {
          double[] weights = new double[t + 1];
          double total = 0;
          for (int s = 0; s <= t; s++) {
            double score = 0;
            for (int i = 0; i < d; i++) {
              score +=
                  in[(b * time + t) * 3 * width + h * d + i]
                      * in[(b * time + s) * 3 * width + width + h * d + i];
            }
            weights[s] = Math.exp(score / Math.sqrt(d));
            total += weights[s];
          }
          for (int i = 0; i < d; i++) {
            double expected = 0;
            for (int s = 0; s <= t; s++) {
              expected +=
                  weights[s] / total * in[(b * time + s) * 3 * width + 2 * width + h * d + i];
            }
            assertThat(y.toDoubles()[(b * time + t) * width + h * d + i])
                .isCloseTo(expected, within(1e-13));
          }
        }
      }
    }
  }

  @Test
  void dropoutKeepsTheShareItShouldAndScalesIt() {
    int n = 100_000;
    Tensor y = poisoned(n);
    kernels.dropout(filled(1, n), 0.25, 42, y, false);
    double[] values = y.toDoubles();
    long dropped = Arrays.stream(values).filter(v -> v == 0).count();
    // Five standard deviations of a binomial: sqrt(n 0.25 0.75) is 137.
    assertThat((double) dropped).isCloseTo(25_000, within(700.0));
    assertThat(Arrays.stream(values).filter(v -> v != 0).toArray()).containsOnly(1 / 0.75);
    Tensor other = poisoned(n);
    kernels.dropout(filled(1, n), 0.25, 43, other, false);
    double[] others = other.toDoubles();
    long both = 0;
    for (int i = 0; i < n; i++) {
      both += values[i] == 0 && others[i] == 0 ? 1 : 0;
    }
    assertThat((double) both).isCloseTo(n / 16.0, within(400.0));
  }

  @Test
  void adamWFirstStepMovesByTheRateAgainstTheGradient() {
    Tensor w = Tensor.of(new double[] {1, -2}, 2);
    Tensor m = filled(0, 2);
    Tensor v = filled(0, 2);
    kernels.adamW(w, Tensor.of(new double[] {4, -6}, 2), m, v, 0.5, 0.1, 0.9, 0.99, 1e-12, 0.01, 1);
    // After bias correction the first update is sign(g); decay takes rate * 0.01 * w off.
    assertThat(w.toDoubles())
        .containsExactly(new double[] {1 - 0.1 - 0.001, -2 + 0.1 + 0.002}, within(1e-9));
    assertThat(m.toDoubles()).containsExactly(new double[] {0.2, -0.3}, within(1e-15));
    assertThat(v.toDoubles()).containsExactly(new double[] {0.04, 0.09}, within(1e-15));
  }

  @Test
  void vectorsAreSummedScaledAndAdded() {
    Tensor x = Tensor.of(new double[] {3, -4}, 2);
    Tensor y = filled(1, 2);
    assertThat(kernels.sumOfSquares(x)).isEqualTo(25);
    kernels.addScaled(x, 2, y);
    assertThat(y.toDoubles()).containsExactly(7, -7);
    kernels.scale(y, 3);
    assertThat(y.toDoubles()).containsExactly(21, -21);
    kernels.copy(x, y, true);
    assertThat(y.toDoubles()).containsExactly(24, -25);
    kernels.copy(x, y, false);
    assertThat(y.toDoubles()).containsExactly(3, -4);
  }

  private Tensor normal(int... shape) {
    double[] values = new double[Math.toIntExact(Tensor.size(shape))];
    for (int i = 0; i < values.length; i++) {
      values[i] = random.nextGaussian();
    }
    return Tensor.of(values, shape);
  }

  private static Tensor filled(double value, int... shape) {
    Tensor tensor = Tensor.zeros(DOUBLE, shape);
    tensor.fill(value);
    return tensor;
  }

  private static boolean firstIsNan(Tensor tensor) {
    return Double.isNaN(tensor.toDoubles()[0]);
  }

  private static Tensor poisoned(int... shape) {
    return filled(Double.NaN, shape);
  }
}
