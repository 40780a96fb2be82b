package org.wordmill.kernel.cuda;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.function.Consumer;
import org.wordmill.kernel.Kernels;
import org.wordmill.kernel.Precision;
import org.wordmill.kernel.ReferenceKernels;
import org.wordmill.kernel.Tensor;

/** Operations on the kernels under test and on the reference, on the same random numbers. */
record Trial(Kernels kernels, SplittableRandom random) {
  static final Kernels REFERENCE = new ReferenceKernels(Precision.DOUBLE);

  /** A tensor on both sides: the reference's in double precision, and the one under test. */
  record Both(Tensor near, Tensor far) {
    Tensor of(Kernels kernels) {
      return kernels == REFERENCE ? near : far;
    }
  }

  private Both both(double[] values, int... shape) {
    Tensor far = kernels.zeros(shape);
    far.copyFrom(values);
    // What single precision loses of the input is lost on both sides.
    return new Both(Tensor.of(far.toDoubles(), shape), far);
  }

  Both normal(int... shape) {
    double[] values = new double[size(shape)];
    Arrays.setAll(values, i -> random.nextGaussian());
    return both(values, shape);
  }

  Both poisoned(int... shape) {
    double[] values = new double[size(shape)];
    Arrays.fill(values, Double.NaN);
    return both(values, shape);
  }

  /** Every element of the results within 1e-5, or 1e-12, of the largest. */
  void agree(String what, Consumer<Kernels> operation, Both... results) {
    operation.accept(REFERENCE);
    operation.accept(kernels);
    for (int r = 0; r < results.length; r++) {
      double[] expected = results[r].near.toDoubles();
      double[] actual = results[r].far.toDoubles();
      double largest = Arrays.stream(expected).map(Math::abs).max().orElse(0);
      double share = kernels.precision() == Precision.FLOAT ? 1e-5 : 1e-12;
      double tolerance = share * (largest + 1e-3);
      for (int i = 0; i < expected.length; i++) {
        assertThat(Math.abs(actual[i] - expected[i]))
            .as("%s, result %d, element %d: %s and %s", what, r, i, actual[i], expected[i])
            .isLessThanOrEqualTo(tolerance);
      }
    }
  }

  private static int size(int... shape) {
    return Arrays.stream(shape).reduce(1, Math::multiplyExact);
  }
}
