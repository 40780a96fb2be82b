package org.wordmill.module.attention;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.wordmill.kernel.Ids;
import org.wordmill.kernel.KernelChoice;
import org.wordmill.kernel.Precision;
import org.wordmill.kernel.Tensor;
import org.wordmill.model.TransformerConfig;
import org.wordmill.model.TransformerLm;
import org.wordmill.module.LayerNorm;
import org.wordmill.tape.Parameter;
import org.wordmill.tape.ParameterLayout;
import org.wordmill.tape.ParameterVector;
import org.wordmill.tape.Tape;

/** The formulas of the Transformer's parts, word for word and loop by loop. */
final class AttentionFormulaTest {
  private static final long SEED = 1706;

  private final SplittableRandom random = new SplittableRandom(SEED);

  /** d_k = d_model / h; heads side by side; the future at minus infinity before the softmax. */
  @ParameterizedTest
  @ValueSource(ints = {1, 2, 4})
  void theMatricesOfAnyNumberOfHeadsSayWhatTheLoopsSay(int heads) {
    int time = 7;
    int width = 8;
    int dk = width / heads;
    double[] qkv = random.doubles(time * 3 * width, -2, 2).toArray();
    double[] expected = new double[time * width];
    for (int h = 0; h < heads; h++) {
      for (int t = 0; t < time; t++) {
        double[] a = new double[time];
        double sum = 0;
        for (int j = 0; j < time; j++) {
          double s = 0;
          for (int i = 0; i < dk; i++) {
            s += qkv[t * 24 + h * dk + i] * qkv[j * 24 + width + h * dk + i];
          }
          a[j] = Math.exp(j <= t ? s / Math.sqrt(dk) : Double.NEGATIVE_INFINITY);
          sum += a[j];
        }
        for (int j = 0; j < time; j++) {
          for (int i = 0; i < dk; i++) {
            expected[t * width + h * dk + i] += a[j] / sum * qkv[j * 24 + 2 * width + h * dk + i];
          }
        }
      }
    }
    CausalAttention attention = new CausalAttention(heads, 0);
    ParameterVector none = new ParameterVector(new ParameterLayout(attention), Precision.DOUBLE);
    Tape tape = Tape.forEvaluation(KernelChoice.REFERENCE.create(Precision.DOUBLE), none);
    Tensor y = tape.apply(attention, tape.constant(Tensor.of(qkv, 1, time, 24))).value();
    assertThat(y.toDoubles()).containsExactly(expected, within(1e-12));
  }

  @Test
  void headsThatDoNotDivideTheWidthAreRefused() {
    CausalAttention attention = new CausalAttention(3, 0);
    ParameterVector none = new ParameterVector(new ParameterLayout(attention), Precision.DOUBLE);
    Tape tape = Tape.forEvaluation(KernelChoice.REFERENCE.create(Precision.DOUBLE), none);
    Tensor x = Tensor.zeros(Precision.DOUBLE, 1, 2, 24);
    assertThatThrownBy(() -> tape.apply(attention, tape.constant(x)))
        .hasMessageContaining("does not hold queries, keys and values of 3 heads");
  }

  /** Whatever tells positions apart, a later token changes no earlier score, in any bit. */
  @ParameterizedTest
  @EnumSource
  void theFutureLeaksIntoNoPrediction(PositionKind positions) {
    TransformerLm model = new TransformerConfig(11, 9, 2, 2, 8, 0).withPositions(positions).build();
    ParameterVector values = new ParameterVector(model.layout(), Precision.FLOAT);
    values.initialize(SEED);
    Tape tape = Tape.forEvaluation(KernelChoice.AUTO.create(Precision.FLOAT), values);
    int[] text = random.ints(9, 0, 10).toArray();
    float[] before = model.logits(tape, new Ids(text, 1, 9)).value().toFloats();
    for (int changed = 0; changed < 9; changed++) {
      int[] other = text.clone();
      other[changed] = 10;
      tape.reset(0);
      float[] after = model.logits(tape, new Ids(other, 1, 9)).value().toFloats();
      assertThat(Arrays.copyOf(after, changed * 11)).isEqualTo(Arrays.copyOf(before, changed * 11));
      for (int t = changed; t < 9; t++) {
        assertThat(Arrays.copyOfRange(after, t * 11, t * 11 + 11))
            .as("position %d hears position %d", t, changed)
            .isNotEqualTo(Arrays.copyOfRange(before, t * 11, t * 11 + 11));
      }
    }
  }

  /** Mean 5, and 4 = (9 + 1 + 1 + 1 + 0 + 0 + 4 + 16) / 8, not 32 / 7, for the variance. */
  @Test
  void layerNormDividesByThePopulationVariance() {
    LayerNorm norm = new LayerNorm("ln", 8);
    ParameterVector values = new ParameterVector(new ParameterLayout(norm), Precision.DOUBLE);
    Parameter gain = norm.parameters().get(0);
    Parameter bias = norm.parameters().get(1);
    values.of(gain).fill(3);
    values.of(bias).fill(10);
    double[] x = {2, 4, 4, 4, 5, 5, 7, 9};
    double[] expected = new double[8];
    for (int i = 0; i < 8; i++) {
      expected[i] = 10 + 3 * (x[i] - 5) / Math.sqrt(4 + 1e-5);
    }
    Tape tape = Tape.forEvaluation(KernelChoice.REFERENCE.create(Precision.DOUBLE), values);
    assertThat(tape.apply(norm, tape.constant(Tensor.of(x, 1, 8))).value().toDoubles())
        .containsExactly(expected, within(1e-12));
  }
}
