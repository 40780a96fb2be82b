package org.wordmill.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.BiConsumer;
import org.junit.jupiter.api.Test;

/** The cells on vectors against the formulas in double precision, on widths around the vectors'. */
final class FusedCellsTest {
  private static final long SEED = 1997;

  private final Kernels fused = new FusedKernels(Blas.best());
  private final Kernels exact = new ReferenceKernels(Precision.DOUBLE);
  private final SplittableRandom random = new SplittableRandom(SEED);

  @Test
  void longShortTermMemory() {
    for (int width : new int[] {1, 3, 7, 8, 9, 16, 17, 31, 64, 65}) {
      agree(
          width,
          4,
          (k, t) -> {
            k.lstmForward(t[0], t[1], t[2], t[3], t[4]);
            k.lstmBackward(t[0], t[2], t[3], t[5], t[6]);
          });
      agree(width, 4, (k, t) -> k.lstmForward(t[0], t[1], t[2], t[3], t[4]));
    }
  }

  @Test
  void gatedRecurrentUnits() {
    for (int width : new int[] {1, 3, 7, 8, 9, 16, 17, 31, 64, 65}) {
      agree(
          width,
          3,
          (k, t) -> {
            k.gruForward(t[0], t[1], t[2], t[3]);
            k.gruBackward(t[0], t[1], t[2], t[5], t[6]);
          });
      agree(width, 3, (k, t) -> k.gruForward(t[0], t[1], t[2], t[3]));
    }
  }

  @Test
  void notANumberIsPassedOn() {
    Tensor[] t = tensors(new double[0][0], 1, 5, 4, Precision.FLOAT);
    Arrays.stream(t).forEach(tensor -> tensor.fill(Double.NaN));
    fused.lstmForward(t[0], t[1], t[2], t[3], t[4]);
    assertThat(t[4].toFloats()).containsOnly(Float.NaN);
    Tensor[] u = tensors(new double[0][0], 1, 5, 3, Precision.FLOAT);
    Arrays.stream(u).forEach(tensor -> tensor.fill(Double.NaN));
    fused.gruForward(u[0], u[1], u[2], u[3]);
    assertThat(u[3].toFloats()).containsOnly(Float.NaN);
  }

  /** Every tensor must hold the same afterwards, whether it was to be written or not. */
  private void agree(int width, int gates, BiConsumer<Kernels, Tensor[]> operation) {
    int rows = 1 + random.nextInt(4);
    double[][] values = new double[7][];
    for (int i = 0; i < values.length; i++) {
      values[i] = new double[rows * width * (i < 2 ? gates : 1)];
      Arrays.setAll(values[i], e -> (float) (1.5 * random.nextGaussian()));
    }
    Tensor[] fast = tensors(values, rows, width, gates, Precision.FLOAT);
    Tensor[] right = tensors(values, rows, width, gates, Precision.DOUBLE);
    operation.accept(fused, fast);
    operation.accept(exact, right);
    for (int i = 0; i < fast.length; i++) {
      float[] actual = fast[i].toFloats();
      double[] expected = right[i].toDoubles();
      double mean = Arrays.stream(expected).map(Math::abs).average().orElse(0);
      for (int e = 0; e < actual.length; e++) {
        double scale = Math.max(Math.abs(expected[e]), mean);
        assertThat(Math.abs(actual[e] - expected[e]) / scale)
            .as("tensor %d, element %d, width %d, seed %d", i, e, width, SEED)
            .isLessThan(1e-5);
      }
    }
  }

  private static Tensor[] tensors(
      double[][] values, int rows, int width, int gates, Precision precision) {
    Tensor[] tensors = new Tensor[7];
    for (int i : List.of(0, 1, 2, 3, 4, 5, 6)) {
      tensors[i] = Tensor.zeros(precision, rows, width * (i < 2 ? gates : 1));
      if (values.length > 0) {
        tensors[i].copyFrom(values[i]);
      }
    }
    return tensors;
  }
}
