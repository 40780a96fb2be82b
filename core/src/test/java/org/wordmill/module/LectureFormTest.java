package org.wordmill.module;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.wordmill.kernel.Ids;
import org.wordmill.kernel.KernelChoice;
import org.wordmill.kernel.Kernels;
import org.wordmill.kernel.Precision;
import org.wordmill.kernel.Tensor;
import org.wordmill.tape.Initializer;
import org.wordmill.tape.LeafModule;
import org.wordmill.tape.ParameterLayout;
import org.wordmill.tape.ParameterVector;
import org.wordmill.tape.Tape;
import org.wordmill.tape.Variable;

/**
 * The lecture's modules against the lecture's formulas, written here with Jacobians and loops in
 * doubles; and the fused loss against the two modules that it is made of, in single precision, as
 * users get it.
 */
class LectureFormTest {
  private static final int ROWS = 6;
  private static final int WIDTH = 9;

  private final SplittableRandom random = new SplittableRandom(6);

  @ParameterizedTest
  @EnumSource(
      value = KernelChoice.class,
      names = {"REFERENCE", "AUTO"})
  void sigmoidIsTheLectures(KernelChoice kernels) {
    double[] x = normal(ROWS * WIDTH, 2);
    double[] dy = normal(ROWS * WIDTH, 1);
    Applied applied = new Applied(kernels, new Sigmoid(), null, x, dy);
    for (int i = 0; i < x.length; i++) {
      double y = 1 / (1 + Math.exp(-x[i]));
      assertThat(applied.y[i]).isCloseTo(y, within(1e-6));
      assertThat(applied.dx[i]).isCloseTo(dy[i] * y * (1 - y), within(1e-6));
    }
  }

  @ParameterizedTest
  @EnumSource(
      value = KernelChoice.class,
      names = {"REFERENCE", "AUTO"})
  void softmaxIsTheLecturesWithItsJacobian(KernelChoice kernels) {
    double[] x = normal(ROWS * WIDTH, 2);
    double[] dy = normal(ROWS * WIDTH, 1);
    Applied applied = new Applied(kernels, new Softmax(), null, x, dy);
    for (int row = 0; row < ROWS; row++) {
      double[] p = softmax(Arrays.copyOfRange(x, row * WIDTH, (row + 1) * WIDTH));
      for (int i = 0; i < WIDTH; i++) {
        double dx = 0;
        for (int j = 0; j < WIDTH; j++) {
          double jacobian = p[j] * ((i == j ? 1 : 0) - p[i]);
          dx += dy[row * WIDTH + j] * jacobian;
        }
        assertThat(applied.y[row * WIDTH + i]).isCloseTo(p[i], within(1e-6));
        assertThat(applied.dx[row * WIDTH + i]).isCloseTo(dx, within(1e-6));
      }
    }
  }

  @ParameterizedTest
  @EnumSource(
      value = KernelChoice.class,
      names = {"REFERENCE", "AUTO"})
  void crossEntropyIsTheLecturesWithOneHotAnswers(KernelChoice kernels) {
    double[] p = random.doubles(ROWS * WIDTH, 0.2, 1).toArray();
    Ids answers = answers();
    Applied applied = new Applied(kernels, new CrossEntropy(), answers, p, new double[] {1});
    double loss = 0;
    for (int row = 0; row < ROWS; row++) {
      for (int k = 0; k < WIDTH; k++) {
        double y = answers.values()[row] == k ? 1 : 0;
        loss -= y * Math.log(p[row * WIDTH + k]);
        double expected = -y / p[row * WIDTH + k];
        assertThat(applied.dx[row * WIDTH + k]).isCloseTo(expected, within(1e-5));
      }
    }
    assertThat(applied.y[0]).isCloseTo(loss, within(1e-5));
  }

  @ParameterizedTest
  @EnumSource(
      value = KernelChoice.class,
      names = {"REFERENCE", "AUTO"})
  void theFusedLossEqualsSoftmaxAndCrossEntropy(KernelChoice choice) {
    double[] z = normal(ROWS * WIDTH, 2);
    Ids answers = answers();
    Applied fused = new Applied(choice, new SoftmaxCrossEntropy(), answers, z, new double[] {1});
    OnTape two = new OnTape(choice);
    Variable scores = two.tape.input(two.tensor(z));
    Variable loss =
        two.tape.apply(new CrossEntropy(), answers, two.tape.apply(new Softmax(), scores));
    assertThat(fused.y[0] / loss.value().toDoubles()[0]).isCloseTo(1, within(1e-6));
    two.tape.backward(loss);
    assertThat(fused.dx).containsExactly(scores.gradient().toDoubles(), within(1e-6));
  }

  @ParameterizedTest
  @EnumSource(
      value = KernelChoice.class,
      names = {"REFERENCE", "AUTO"})
  void linearIsTheLectures(KernelChoice choice) {
    int outputs = 4;
    Linear linear = new Linear("l", WIDTH, outputs, new Initializer.Constant(0));
    ParameterLayout layout = new ParameterLayout(linear);
    Kernels kernels = choice.create(Precision.FLOAT);
    ParameterVector values = new ParameterVector(layout, kernels);
    ParameterVector gradients = new ParameterVector(layout, kernels);
    double[] w = normal(outputs * WIDTH, 0.3);
    double[] b = normal(outputs, 0.3);
    double[] x = normal(WIDTH, 0.3);
    double[] dy = normal(outputs, 0.3);
    values.of(layout.parameters().get(0)).copyFrom(w);
    values.of(layout.parameters().get(1)).copyFrom(b);
    Tape tape = new Tape(kernels, values, gradients);
    Variable input = tape.input(Tensor.of(floats(x), 1, WIDTH));
    Variable y = tape.apply(linear, input);
    double[] found = y.value().toDoubles();
    tape.backward(y, Tensor.of(floats(dy), 1, outputs));
    double[] dw = gradients.of(layout.parameters().get(0)).toDoubles();
    double[] dx = new double[WIDTH];
    for (int i = 0; i < outputs; i++) {
      double sum = b[i];
      for (int j = 0; j < WIDTH; j++) {
        sum += w[i * WIDTH + j] * x[j];
        dx[j] += w[i * WIDTH + j] * dy[i];
        assertThat(dw[i * WIDTH + j]).isCloseTo(dy[i] * x[j], within(1e-6));
      }
      assertThat(found[i]).isCloseTo(sum, within(1e-6));
    }
    assertThat(input.gradient().toDoubles()).containsExactly(dx, within(1e-6));
    assertThat(gradients.of(layout.parameters().get(1)).toDoubles())
        .containsExactly(dy, within(1e-6));
  }

  private static double[] softmax(double[] x) {
    double sum = Arrays.stream(x).map(Math::exp).sum();
    return Arrays.stream(x).map(score -> Math.exp(score) / sum).toArray();
  }

  private Ids answers() {
    return new Ids(random.ints(ROWS, 0, WIDTH).toArray(), 1, ROWS);
  }

  private double[] normal(int size, double deviation) {
    double[] drawn = new double[size];
    Arrays.setAll(drawn, i -> deviation * random.nextGaussian());
    return drawn;
  }

  private static float[] floats(double[] values) {
    float[] narrow = new float[values.length];
    for (int i = 0; i < narrow.length; i++) {
      narrow[i] = (float) values[i];
    }
    return narrow;
  }

  /** A tape in single precision, for modules without parameters. */
  private static final class OnTape {
    private final Tape tape;

    OnTape(KernelChoice choice) {
      Kernels kernels = choice.create(Precision.FLOAT);
      ParameterLayout none = new ParameterLayout(new Softmax());
      tape =
          new Tape(kernels, new ParameterVector(none, kernels), new ParameterVector(none, kernels));
    }

    Tensor tensor(double[] values) {
      return Tensor.of(floats(values), ROWS, WIDTH);
    }
  }

  /** One module applied forward and backward. */
  private static final class Applied {
    private final double[] y;
    private final double[] dx;

    Applied(KernelChoice choice, LeafModule module, @Nullable Ids ids, double[] x, double[] dy) {
      OnTape on = new OnTape(choice);
      Variable input = on.tape.input(on.tensor(x));
      Variable output =
          ids == null ? on.tape.apply(module, input) : on.tape.apply(module, ids, input);
      y = output.value().toDoubles();
      on.tape.backward(output, Tensor.of(floats(dy), output.value().shape()));
      dx = input.gradient().toDoubles();
    }
  }
}
