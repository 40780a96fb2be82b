package org.wordmill.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.wordmill.kernel.Blas.Matrix;

/**
 * Products by every library, on random shapes and on matrices inside of larger ones, against sums
 * in double precision; those in bfloat16 against the sums of factors that were rounded before.
 */
final class MatrixProductsTest {
  private static final long SEED = 20261128;
  private static final int SHAPES = 60;
  private static final double TOLERANCE = 1e-5;

  private final SplittableRandom random = new SplittableRandom(SEED);
  private final Kernels memory = new ReferenceKernels(Precision.FLOAT);

  @BeforeAll
  static void libraries() {
    NativeRuntime.prepare();
  }

  @Test
  void openBlas() {
    compare(new Blas(), false);
  }

  @Test
  void oneDnn() {
    assumeThat(OneDnn.obstacle()).isEmpty();
    compare(new OneDnn(), false);
  }

  @Test
  void bfloat16() {
    assumeThat(OneDnn.bfloat16Obstacle()).isEmpty();
    compare(new Bfloat16Products(), true);
  }

  @Test
  void aHeldFactorIsRoundedOnceAndAReleasedOneAgain() {
    assumeThat(OneDnn.bfloat16Obstacle()).isEmpty();
    Bfloat16Products products = new Bfloat16Products();
    Tensor a = filled(1, 5, 7);
    Tensor b = filled(1, 7, 3);
    Tensor c = filled(0, 5, 3);
    products.holdLeft();
    products.multiply(5, 3, 7, 1, Matrix.of(a), Matrix.of(b), 0, Matrix.of(c));
    a.fill(2);
    products.multiply(5, 3, 7, 1, Matrix.of(a), Matrix.of(b), 0, Matrix.of(c));
    assertThat(at(c, 0)).isEqualTo(7);
    products.release();
    products.multiply(5, 3, 7, 1, Matrix.of(a), Matrix.of(b), 0, Matrix.of(c));
    assertThat(at(c, 0)).isEqualTo(14);
    a.fill(3);
    products.multiply(5, 3, 7, 1, Matrix.of(a), Matrix.of(b), 0, Matrix.of(c));
    assertThat(at(c, 0)).isEqualTo(21);
  }

  @Test
  void nanGoesThrough() {
    for (Blas products : here()) {
      Tensor a = filled(Float.NaN, 3, 4);
      Tensor c = filled(0, 3, 2);
      products.multiply(3, 2, 4, 1, Matrix.of(a), Matrix.of(filled(1, 4, 2)), 0, Matrix.of(c));
      assertThat(at(c, 0)).as(products.library()).isNaN();
    }
  }

  private static List<Blas> here() {
    if (!OneDnn.obstacle().isEmpty()) {
      return List.of(new Blas());
    }
    return OneDnn.bfloat16Obstacle().isEmpty()
        ? List.of(new Blas(), new OneDnn(), new Bfloat16Products())
        : List.of(new Blas(), new OneDnn());
  }

  private void compare(Blas products, boolean rounded) {
    for (int i = 0; i < SHAPES; i++) {
      for (boolean transposeA : new boolean[] {false, true}) {
        for (boolean transposeB : new boolean[] {false, true}) {
          compare(products, rounded, transposeA, transposeB, random.nextInt(2));
        }
      }
    }
  }

  private void compare(
      Blas products, boolean rounded, boolean transposeA, boolean transposeB, int beta) {
    int m = size();
    int n = size();
    int k = size();
    Matrix a = transposeA ? inside(k, m) : inside(m, k);
    Matrix b = transposeB ? inside(n, k) : inside(k, n);
    Matrix c = inside(m, n);
    Tensor before = filled(0, c.tensor().shape());
    before.copyFrom(c.tensor());
    products.product(transposeA, transposeB, m, n, k, 1, a, b, beta, c);
    for (int row = 0; row < m; row++) {
      for (int column = 0; column < n; column++) {
        int place = (int) c.offset() + row * c.stride() + column;
        double sum = beta * at(before, place);
        double size = Math.abs(sum);
        for (int j = 0; j < k; j++) {
          double left = element(a, transposeA ? j : row, transposeA ? row : j);
          double right = element(b, transposeB ? column : j, transposeB ? j : column);
          double term = rounded ? rounded((float) left) * rounded((float) right) : left * right;
          sum += term;
          size += Math.abs(term);
        }
        assertThat(Math.abs(at(c.tensor(), place) - sum))
            .as("%s %d x %d x %d, %b %b", products.library(), m, n, k, transposeA, transposeB)
            .isLessThanOrEqualTo(TOLERANCE * size);
        before.bytes().putFloat(place * Float.BYTES, at(c.tensor(), place));
      }
    }
    // What lies around the result is as it was.
    for (int i = 0; i < before.size(); i++) {
      assertThat(at(c.tensor(), i)).isEqualTo(at(before, i));
    }
  }

  private Matrix inside(int rows, int columns) {
    int stride = columns + random.nextInt(4);
    int offset = random.nextInt(5);
    return new Matrix(numbers(1, offset + rows * stride + 3), offset, stride);
  }

  private Tensor numbers(int... shape) {
    Tensor tensor = memory.zeros(shape);
    for (int i = 0; i < tensor.size(); i++) {
      tensor.bytes().putFloat(i * Float.BYTES, (float) random.nextDouble() - 0.5f);
    }
    return tensor;
  }

  private Tensor filled(double value, int... shape) {
    Tensor tensor = memory.zeros(shape);
    tensor.fill(value);
    return tensor;
  }

  private int size() {
    int[] odd = {1, 2, 3, 17, 31, 64, 65, 97};
    return odd[random.nextInt(odd.length)];
  }

  private static double element(Matrix matrix, int row, int column) {
    return at(matrix.tensor(), (int) matrix.offset() + row * matrix.stride() + column);
  }

  private static float at(Tensor tensor, int i) {
    return tensor.bytes().getFloat(i * Float.BYTES);
  }

  private static double rounded(float x) {
    return Float.intBitsToFloat(Bfloat16.round(x) << 16);
  }
}
