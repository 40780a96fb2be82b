package org.wordmill.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.BiConsumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Convolution and pooling on vectors against the formulas in double precision, and those against
 * loops: on random boxes with odd sizes, outputs that start as NaN, and memory around the outputs
 * that must stay as it was.
 */
final class FusedConvolutionTest {
  private static final long SEED = 1998;
  private static final int SHAPES = 100;
  private static final int GUARD = 32;
  private static final float GUARDED = 12345.5f;

  private final Kernels fused = new FusedKernels(Blas.best());
  private final Kernels exact = new ReferenceKernels(Precision.DOUBLE);
  private final SplittableRandom random = new SplittableRandom(SEED);
  private final List<double[]> values = new ArrayList<>();
  private final List<int[]> shapes = new ArrayList<>();

  @ParameterizedTest
  @CsvSource({"28,5,1,2,28", "28,2,2,0,14", "7,3,2,0,3", "7,3,2,1,4", "1,1,1,0,1", "10,4,3,1,3"})
  void outputsAreCountedByTheFormula(int n, int size, int stride, int padding, int outputs) {
    Window window = Window.of(size).withStride(stride).withPadding(padding);
    assertThat(window.outputs(n))
        .isEqualTo(outputs)
        .isEqualTo((int) Math.floor((n + 2.0 * padding - size) / stride) + 1);
  }

  @Test
  void sameAndCausalWindowsHaveAnOutputForEachPosition() {
    for (int size = 1; size < 9; size++) {
      assertThat(Window.same(size).outputs(11)).isEqualTo(11);
      assertThat(Window.causal(size).outputs(11)).isEqualTo(11);
      assertThat(Window.causal(size).after()).isZero();
    }
  }

  @Test
  void windowsThatCannotBeAreRefusedWithTheReason() {
    assertThatThrownBy(() -> Window.of(0)).hasMessageContaining("size of a window is at least 1");
    assertThatThrownBy(() -> Window.of(2).withStride(0)).hasMessageContaining("stride");
    assertThatThrownBy(() -> Window.of(2).withPadding(-1)).hasMessageContaining("padding");
    assertThatThrownBy(() -> Window.of(5).withPadding(1).outputs(2))
        .hasMessage("a window over 5 positions does not fit on 2 with a padding of 1 and 1");
    assertThatThrownBy(() -> Windows.of(List.of())).hasMessageContaining("1 to 3 axes");
  }

  @Test
  void convolution() {
    for (int i = 0; i < SHAPES; i++) {
      Windows windows = windows(i, true);
      int[] x = box(windows, channels());
      int[] y = outputs(windows, x, channels());
      int in = x[4];
      int out = y[4];
      Windows w = windows;
      List<int[]> inputs = List.of(x, new int[] {out, windows.taps(), in}, new int[] {out}, y);
      List<int[]> written = List.of(y, y, x);
      List<int[]> added = List.of(x, new int[] {out, windows.taps(), in}, new int[] {out});
      agree(
          windows,
          inputs,
          written,
          added,
          (k, t) -> {
            k.convolutionForward(t[0], w, t[1], t[2], t[4]);
            k.convolutionForward(t[0], w, t[1], null, t[5]);
            k.convolutionBackwardInput(t[3], w, t[1], t[6], false);
            k.convolutionBackwardInput(t[3], w, t[1], t[7], true);
            k.convolutionBackwardParameters(t[0], w, t[3], t[8], t[9]);
            k.convolutionBackwardParameters(t[0], w, t[3], t[8], null);
          });
    }
  }

  @Test
  void layoutsThatDoNotFitAtOnceAreTakenInPieces() {
    Windows w = Windows.of(List.of(Window.same(7), Window.same(7)));
    int[] x = {3, 1, 37, 41, 13};
    int[] y = {3, 1, 37, 41, 2};
    int[] weights = {2, 49, 13};
    agree(
        w,
        List.of(x, weights, new int[] {2}, y),
        List.of(y, x),
        List.of(weights),
        (k, t) -> {
          k.convolutionForward(t[0], w, t[1], t[2], t[4]);
          k.convolutionBackwardInput(t[3], w, t[1], t[5], false);
          k.convolutionBackwardParameters(t[0], w, t[3], t[6], null);
        });
  }

  @Test
  void maxPooling() {
    for (int i = 0; i < SHAPES; i++) {
      Windows w = windows(i, false);
      int[] x = box(w, channels());
      int[] y = outputs(w, x, x[4]);
      agree(
          w,
          List.of(x, y),
          List.of(y, y, x),
          List.of(x),
          (k, t) -> {
            k.maxPoolForward(t[0], w, t[2], t[3]);
            k.maxPoolBackward(t[1], w, t[3], t[4], false);
            k.maxPoolBackward(t[1], w, t[3], t[5], true);
          });
    }
  }

  /** The reference itself, by the formula of the interface and nothing else. */
  @Test
  void referenceConvolutionIsTheSumOverTaps() {
    Window w = new Window(3, 2, 2, 3, 1);
    double[] x = random.doubles(2 * 9 * 2, -1, 1).toArray();
    double[] weight = random.doubles(5 * 3 * 2, -1, 1).toArray();
    int outputs = w.outputs(9);
    double[] expected = new double[2 * outputs * 5];
    for (int b = 0; b < 2; b++) {
      for (int o = 0; o < outputs; o++) {
        for (int j = 0; j < 3; j++) {
          int position = o * 2 - 3 + j * 2;
          for (int c = 0; c < 5 && position >= 0 && position < 9; c++) {
            for (int i = 0; i < 2; i++) {
              expected[(b * outputs + o) * 5 + c] +=
                  weight[(c * 3 + j) * 2 + i] * x[(b * 9 + position) * 2 + i];
            }
          }
        }
      }
    }
    Tensor y = Tensor.zeros(Precision.DOUBLE, 2, 1, 1, outputs, 5);
    exact.convolutionForward(
        Tensor.of(x, 2, 1, 1, 9, 2), Windows.of(List.of(w)), Tensor.of(weight, 5, 3, 2), null, y);
    double[] actual = y.toDoubles();
    for (int e = 0; e < expected.length; e++) {
      assertThat(actual[e] - expected[e]).isBetween(-1e-12, 1e-12);
    }
  }

  @Test
  void theLargestIsTakenAndTheFirstOfEquals() {
    for (Kernels kernels : List.of(fused, exact)) {
      Tensor x = kernels.zeros(1, 1, 1, 6, 1);
      x.copyFrom(new double[] {-3, -2, 7, 7, Double.NEGATIVE_INFINITY, Double.NEGATIVE_INFINITY});
      Tensor y = kernels.zeros(1, 1, 1, 3, 1);
      Tensor winners = kernels.zeros(1, 1, 1, 3, 1);
      Windows pairs = Windows.of(List.of(Window.of(2).withStride(2)));
      kernels.maxPoolForward(x, pairs, y, winners);
      assertThat(y.toDoubles()).containsExactly(-2, 7, Double.NEGATIVE_INFINITY);
      assertThat(winners.toDoubles()).containsExactly(1, 0, 0);
    }
  }

  /**
   * One of NaN among the inputs, at each place in turn: the same outputs are NaN, and no others.
   */
  @Test
  void notANumberIsPassedOnToWhoSeesIt() {
    Windows w = Windows.of(List.of(Window.same(3), new Window(2, 2, 1, 0, 0)));
    Kernels single = new ReferenceKernels(Precision.FLOAT);
    int[][] of = {{1, 1, 3, 4, 9}, {5, 6, 9}, {5}, {1, 1, 3, 2, 5}};
    for (int poisoned = 0; poisoned < of.length; poisoned++) {
      int size = Math.toIntExact(Tensor.size(of[poisoned]));
      for (int at : new int[] {0, size / 2, size - 1}) {
        List<String> where = new ArrayList<>();
        for (Kernels k : List.of(fused, single)) {
          Tensor[] t = new Tensor[of.length];
          for (int i = 0; i < t.length; i++) {
            t[i] = k.zeros(of[i]);
            t[i].fill(0.5);
          }
          t[poisoned].view(at, 1).fill(Double.NaN);
          Tensor y = k.zeros(of[3]);
          k.convolutionForward(t[0], w, t[1], t[2], y);
          Tensor dx = k.zeros(of[0]);
          k.convolutionBackwardInput(t[3], w, t[1], dx, true);
          Tensor dw = k.zeros(of[1]);
          Tensor db = k.zeros(of[2]);
          k.convolutionBackwardParameters(t[0], w, t[3], dw, db);
          Tensor largest = k.zeros(1, 1, 3, 2, 9);
          Tensor winners = k.zeros(1, 1, 3, 2, 9);
          k.maxPoolForward(t[0], w, largest, winners);
          k.maxPoolBackward(largest, w, winners, t[0], true);
          where.add(nan(y) + nan(dx) + nan(dw) + nan(db) + nan(largest) + nan(t[0]));
        }
        assertThat(where.get(0)).as("tensor %d at %d", poisoned, at).isEqualTo(where.get(1));
        assertThat(where.get(0)).contains("!").contains(".");
      }
    }
  }

  private static String nan(Tensor tensor) {
    StringBuilder where = new StringBuilder("/");
    for (float value : tensor.toFloats()) {
      where.append(Float.isNaN(value) ? '!' : '.');
    }
    return where.toString();
  }

  /**
   * Every tensor must hold the same afterwards, and what is before and behind it must be untouched.
   *
   * @param written begin as NaN, {@code added} as numbers
   */
  private void agree(
      Windows windows,
      List<int[]> inputs,
      List<int[]> written,
      List<int[]> added,
      BiConsumer<Kernels, Tensor[]> operation) {
    values.clear();
    shapes.clear();
    inputs.forEach(shape -> draw(shape, false));
    written.forEach(shape -> draw(shape, true));
    added.forEach(shape -> draw(shape, false));
    Tensor[] fast = new Tensor[shapes.size()];
    Tensor[] guarded = new Tensor[shapes.size()];
    Tensor[] right = new Tensor[shapes.size()];
    for (int i = 0; i < fast.length; i++) {
      guarded[i] = Tensor.zeros(Precision.FLOAT, values.get(i).length + 2 * GUARD);
      guarded[i].fill(GUARDED);
      fast[i] = guarded[i].view(GUARD, shapes.get(i));
      fast[i].copyFrom(values.get(i));
      right[i] = Tensor.of(values.get(i), shapes.get(i));
    }
    operation.accept(fused, fast);
    operation.accept(exact, right);
    for (int i = 0; i < fast.length; i++) {
      float[] actual = fast[i].toFloats();
      double[] expected = right[i].toDoubles();
      double mean = Arrays.stream(expected).map(Math::abs).average().orElse(0);
      for (int e = 0; e < actual.length; e++) {
        double scale = Math.max(Math.abs(expected[e]), mean + 1e-30);
        assertThat(Math.abs(actual[e] - expected[e]) / scale)
            .as("tensor %d%s, element %d, %s, seed %d", i, right[i], e, windows, SEED)
            .isLessThanOrEqualTo(1e-5);
      }
      float[] guard = guarded[i].toFloats();
      assertThat(Arrays.copyOf(guard, GUARD)).containsOnly(GUARDED);
      assertThat(Arrays.copyOfRange(guard, guard.length - GUARD, guard.length))
          .containsOnly(GUARDED);
    }
  }

  private void draw(int[] shape, boolean poisoned) {
    double[] drawn = new double[Math.toIntExact(Tensor.size(shape))];
    Arrays.setAll(drawn, i -> poisoned ? Double.NaN : (float) random.nextGaussian());
    values.add(drawn);
    shapes.add(shape);
  }

  /** Along one, two or three axes in turn. */
  private Windows windows(int shape, boolean dilated) {
    List<Window> axes = new ArrayList<>();
    for (int axis = 0; axis <= shape % 3; axis++) {
      int size = 1 + random.nextInt(4);
      int most = dilated ? 3 : size / 2;
      axes.add(
          new Window(
              size,
              1 + random.nextInt(3),
              dilated ? 1 + random.nextInt(3) : 1,
              random.nextInt(most + 1),
              random.nextInt(most + 1)));
    }
    return Windows.of(shape % 10 == 9 ? List.of(Window.of(1)) : axes);
  }

  private int[] box(Windows windows, int channels) {
    return new int[] {
      1 + random.nextInt(3),
      extent(windows.depth()),
      extent(windows.height()),
      extent(windows.width()),
      channels
    };
  }

  /** At least what the window needs; exactly that now and then. */
  private int extent(Window window) {
    int least = Math.max(1, window.extent() - window.before() - window.after());
    boolean point = window.equals(Window.of(1));
    return least + (point && random.nextBoolean() ? 0 : random.nextInt(8));
  }

  private int channels() {
    int[] interesting = {1, 2, 3, 5, 7, 8, 13, 16, 17};
    return interesting[random.nextInt(interesting.length)];
  }

  private static int[] outputs(Windows windows, int[] x, int channels) {
    return new int[] {
      x[0],
      windows.depth().outputs(x[1]),
      windows.height().outputs(x[2]),
      windows.width().outputs(x[3]),
      channels
    };
  }
}
