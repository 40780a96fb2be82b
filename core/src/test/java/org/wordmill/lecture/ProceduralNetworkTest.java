package org.wordmill.lecture;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.wordmill.kernel.Ids;
import org.wordmill.kernel.KernelChoice;
import org.wordmill.kernel.Kernels;
import org.wordmill.kernel.Precision;
import org.wordmill.kernel.Tensor;
import org.wordmill.module.CrossEntropy;
import org.wordmill.module.Linear;
import org.wordmill.module.Sigmoid;
import org.wordmill.module.Softmax;
import org.wordmill.module.SoftmaxCrossEntropy;
import org.wordmill.tape.Initializer;
import org.wordmill.tape.Module;
import org.wordmill.tape.Parameter;
import org.wordmill.tape.ParameterLayout;
import org.wordmill.tape.ParameterVector;
import org.wordmill.tape.Tape;
import org.wordmill.tape.Variable;

/** Backward written out by hand, the tape, and differences of forward all say the same. */
class ProceduralNetworkTest {
  private static final int M = 5;
  private static final int D = 4;
  private static final int K = 3;
  private static final int ANSWER = 2;

  private final SplittableRandom random = new SplittableRandom(20);
  private final ProceduralNetwork.Parameters theta =
      new ProceduralNetwork.Parameters(matrix(D, M), vector(D), matrix(K, D), vector(K));
  private final double[] x = vector(M);
  private final double[] y = {0, 0, 1};

  @Test
  void backwardWrittenOutEqualsTheTape() {
    ProceduralNetwork.Values values = ProceduralNetwork.forward(x, y, theta);
    ProceduralNetwork.Gradients expected = ProceduralNetwork.backward(y, theta, values);
    for (boolean fused : new boolean[] {false, true}) {
      OnTape tape = new OnTape(fused, theta);
      assertThat(tape.loss(x)).isCloseTo(values.loss(), within(1e-14));
      assertThat(tape.gradients()).containsExactly(flat(expected), within(1e-14));
    }
  }

  @Test
  void backwardWrittenOutEqualsTheDifferencesOfForward() {
    ProceduralNetwork.Gradients found =
        ProceduralNetwork.backward(y, theta, ProceduralNetwork.forward(x, y, theta));
    double[] flat = flat(found);
    double[][] rows =
        Stream.of(
                Arrays.stream(theta.alpha()),
                Stream.of(theta.a0()),
                Arrays.stream(theta.beta()),
                Stream.of(theta.b0()))
            .flatMap(rowsOfOne -> rowsOfOne)
            .toArray(double[][]::new);
    int element = 0;
    for (double[] row : rows) {
      for (int i = 0; i < row.length; i++) {
        double at = row[i];
        double h = 1e-3;
        double[] f = new double[4];
        double[] steps = {h, -h, 2 * h, -2 * h};
        for (int s = 0; s < 4; s++) {
          row[i] = at + steps[s];
          f[s] = ProceduralNetwork.forward(x, y, theta).loss();
        }
        row[i] = at;
        double difference = (8 * (f[0] - f[1]) - (f[2] - f[3])) / (12 * h);
        assertThat(flat[element]).isCloseTo(difference, within(1e-10));
        element++;
      }
    }
    assertThat(element).isEqualTo(D * M + D + K * D + K);
  }

  private static double[] flat(ProceduralNetwork.Gradients gradients) {
    return Stream.of(
            Arrays.stream(gradients.alpha()),
            Stream.of(gradients.a0()),
            Arrays.stream(gradients.beta()),
            Stream.of(gradients.b0()))
        .flatMap(rows -> rows)
        .flatMapToDouble(Arrays::stream)
        .toArray();
  }

  private double[] vector(int size) {
    double[] drawn = new double[size];
    Arrays.setAll(drawn, i -> random.nextGaussian());
    return drawn;
  }

  private double[][] matrix(int rows, int columns) {
    double[][] drawn = new double[rows][];
    Arrays.setAll(drawn, i -> vector(columns));
    return drawn;
  }

  /** The same network of modules. */
  private static final class OnTape extends Module {
    private static final Initializer ANY = new Initializer.Constant(0);
    private final Linear alpha = new Linear("alpha", M, D, ANY);
    private final Linear beta = new Linear("beta", D, K, ANY);
    private final boolean fused;
    private final ParameterVector gradients;
    private final Tape tape;

    OnTape(boolean fused, ProceduralNetwork.Parameters theta) {
      this.fused = fused;
      Kernels kernels = KernelChoice.REFERENCE.create(Precision.DOUBLE);
      ParameterLayout layout = new ParameterLayout(this);
      ParameterVector values = new ParameterVector(layout, kernels);
      gradients = new ParameterVector(layout, kernels);
      tape = new Tape(kernels, values, gradients);
      List<Parameter> parameters = layout.parameters();
      double[][] given = {
        Arrays.stream(theta.alpha()).flatMapToDouble(Arrays::stream).toArray(),
        theta.a0(),
        Arrays.stream(theta.beta()).flatMapToDouble(Arrays::stream).toArray(),
        theta.b0()
      };
      for (int i = 0; i < given.length; i++) {
        values.of(parameters.get(i)).copyFrom(given[i]);
      }
    }

    @Override
    public List<Module> children() {
      return List.of(alpha, beta);
    }

    double loss(double[] x) {
      Variable a = tape.apply(alpha, tape.constant(Tensor.of(x, 1, M)));
      Variable b = tape.apply(beta, tape.apply(new Sigmoid(), a));
      Ids answer = new Ids(new int[] {ANSWER}, 1, 1);
      Variable loss =
          fused
              ? tape.apply(new SoftmaxCrossEntropy(), answer, b)
              : tape.apply(new CrossEntropy(), answer, tape.apply(new Softmax(), b));
      double value = loss.value().toDoubles()[0];
      tape.backward(loss);
      return value;
    }

    double[] gradients() {
      return gradients.layout().parameters().stream()
          .flatMapToDouble(p -> Arrays.stream(gradients.of(p).toDoubles()))
          .toArray();
    }
  }
}
