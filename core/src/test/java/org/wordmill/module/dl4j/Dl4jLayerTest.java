package org.wordmill.module.dl4j;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.BiFunction;
import org.deeplearning4j.nn.conf.ConvolutionMode;
import org.deeplearning4j.nn.conf.layers.BatchNormalization;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.LSTM;
import org.deeplearning4j.nn.conf.layers.SubsamplingLayer;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.nd4j.linalg.activations.Activation;
import org.wordmill.kernel.KernelChoice;
import org.wordmill.kernel.Kernels;
import org.wordmill.kernel.Precision;
import org.wordmill.kernel.Tensor;
import org.wordmill.kernel.Window;
import org.wordmill.module.Linear;
import org.wordmill.module.Tanh;
import org.wordmill.module.convolution.Conv2d;
import org.wordmill.module.convolution.MaxPool2d;
import org.wordmill.module.recurrent.Lstm;
import org.wordmill.module.recurrent.RecurrentLayer;
import org.wordmill.tape.GradientCheck;
import org.wordmill.tape.GradientCheck.Case;
import org.wordmill.tape.Initializer;
import org.wordmill.tape.LeafModule;
import org.wordmill.tape.Module;
import org.wordmill.tape.Parameter;
import org.wordmill.tape.ParameterLayout;
import org.wordmill.tape.ParameterVector;
import org.wordmill.tape.Tape;
import org.wordmill.tape.Variable;

/** Layers of DL4J on the tape, and what they say of our own: a second oracle beside PyTorch. */
final class Dl4jLayerTest {
  private static final long SEED = 2014;
  private static final Initializer ANY = new Initializer.Constant(0);

  private final SplittableRandom random = new SplittableRandom(SEED);
  private final Kernels kernels = KernelChoice.REFERENCE.create(Precision.DOUBLE);

  private static Dl4jLayer dense() {
    return layer(new DenseLayer.Builder().nIn(4).nOut(3).activation(Activation.TANH).build());
  }

  private static Dl4jLayer lstm() {
    return layer(new LSTM.Builder().nIn(2).nOut(3).activation(Activation.TANH).build());
  }

  private static Dl4jLayer convolution() {
    return layer(
        new ConvolutionLayer.Builder(3, 2)
            .nIn(2)
            .nOut(3)
            .stride(2, 1)
            .padding(1, 1)
            .convolutionMode(ConvolutionMode.Truncate)
            .activation(Activation.IDENTITY)
            .build());
  }

  private static Dl4jLayer pooling() {
    return layer(
        new SubsamplingLayer.Builder(SubsamplingLayer.PoolingType.MAX)
            .kernelSize(2, 2)
            .stride(2, 2)
            .convolutionMode(ConvolutionMode.Truncate)
            .build());
  }

  private static Dl4jLayer layer(org.deeplearning4j.nn.conf.layers.Layer layer) {
    return new Dl4jLayer("dl4j", layer, ANY);
  }

  @TestFactory
  List<DynamicTest> gradientsAreThoseOfDifferencesInEveryMode() {
    Dl4jLayer batchNorm = layer(new BatchNormalization.Builder().nIn(3).nOut(3).build());
    List<Case> cases =
        List.of(
            Case.leaf("dense", dense(), normal(5, 4)),
            Case.leaf("LSTM", lstm(), normal(2, 4, 2)),
            Case.leaf("convolution", convolution(), normal(2, 5, 4, 2)),
            Case.leaf("batch normalization", batchNorm, normal(6, 3)),
            Case.leaf("batch normalization of images", batchNorm, normal(2, 3, 2, 3)),
            Case.leaf("max pooling", pooling(), normal(1, 4, 6, 2)));
    GradientCheck check = new GradientCheck(SEED, 150);
    List<DynamicTest> tests = new ArrayList<>();
    for (GradientCheck.Mode mode : GradientCheck.Mode.values()) {
      for (Case c : cases) {
        tests.add(
            DynamicTest.dynamicTest(
                c.name() + " " + mode,
                () -> {
                  GradientCheck.Report report = check.check(c, mode);
                  assertThat(report.ok()).as(report.toString()).isTrue();
                }));
      }
    }
    return tests;
  }

  /** Both have the weights row by row, [O, I], and the bias behind them. */
  @Test
  void ourLinearMapAndTanhAreDl4jsDenseLayer() {
    Linear linear = new Linear("net", 4, 3, ANY);
    Tanh tanh = new Tanh();
    double[] values = normal(15).toDoubles();
    Tensor x = normal(5, 4);
    Run ours = new Run(linear, values, x, (tape, v) -> tape.apply(tanh, tape.apply(linear, v)));
    Run theirs = run(dense(), values, x);
    theirs.agrees(ours, theirs.parameters, ours.parameters);
  }

  /** DL4J's parts are g, f, o, i where ours are i, f, g, o, and it has one bias. */
  @Test
  void ourLstmIsDl4js() {
    Lstm lstm = new Lstm(RecurrentLayer.of("net", 2, 3));
    double[] values = normal(24 + 36 + 12 + 12).toDoubles();
    Arrays.fill(values, 72, 84, 0);
    Tensor x = normal(2, 4, 2);
    Run ours = run(lstm, values, x);
    Run theirs = run(lstm(), exchanged(values), x);
    theirs.agrees(ours, theirs.parameters, exchanged(ours.parameters));
  }

  /** Parts of 3 rows each: of 2 inputs, of 3 states, and of the bias. */
  private static double[] exchanged(double[] ours) {
    int[] part = {2, 1, 3, 0};
    double[] theirs = new double[24 + 36 + 12];
    int start = 0;
    for (int width : new int[] {2, 3, 1}) {
      for (int gate = 0; gate < 4; gate++) {
        int size = 3 * width;
        System.arraycopy(ours, start + part[gate] * size, theirs, start + gate * size, size);
      }
      start += 12 * width;
    }
    return theirs;
  }

  /** DL4J has the bias first, and the weights as [O, I, height, width]. */
  @Test
  void ourConvolutionIsDl4js() {
    Window height = Window.of(3).withStride(2).withPadding(1);
    Conv2d conv = new Conv2d("net", 2, 3, height, Window.of(2).withPadding(1));
    double[] values = normal(3 * 6 * 2 + 3).toDoubles();
    Tensor x = normal(2, 5, 4, 2);
    Run ours = run(conv, values, x);
    Run theirs = run(convolution(), channelsBeforeTaps(values), x);
    theirs.agrees(ours, theirs.parameters, channelsBeforeTaps(ours.parameters));
  }

  private static double[] channelsBeforeTaps(double[] ours) {
    double[] theirs = new double[ours.length];
    System.arraycopy(ours, 36, theirs, 0, 3);
    for (int o = 0; o < 3; o++) {
      for (int tap = 0; tap < 6; tap++) {
        for (int i = 0; i < 2; i++) {
          theirs[3 + (o * 2 + i) * 6 + tap] = ours[(o * 6 + tap) * 2 + i];
        }
      }
    }
    return theirs;
  }

  @Test
  void ourMaxPoolingIsDl4js() {
    Tensor x = normal(2, 6, 4, 3);
    Run ours = run(new MaxPool2d(2), new double[0], x);
    Run theirs = run(pooling(), new double[0], x);
    theirs.agrees(ours, new double[0], new double[0]);
  }

  @Test
  void appliedTwiceItsGradientsAddUp() {
    Dl4jLayer square =
        layer(new DenseLayer.Builder().nIn(3).nOut(3).activation(Activation.SIGMOID).build());
    Case twice =
        new Case(
            "twice",
            square,
            null,
            List.of(normal(2, 3)),
            (tape, in) -> tape.apply(square, tape.apply(square, in.get(0))));
    assertThat(new GradientCheck(SEED, 150).check(twice).ok()).isTrue();
  }

  @Test
  void dropoutInsideALayerIsRefused() {
    assertThatThrownBy(() -> layer(new DenseLayer.Builder().nIn(2).nOut(2).dropOut(0.5).build()))
        .hasMessageContaining("dropout and noise belong on the tape");
  }

  private Run run(LeafModule module, double[] values, Tensor x) {
    return new Run(module, values, x, (tape, v) -> tape.apply(module, v));
  }

  /** Outputs and gradients of the sum of the products of the outputs with cosines. */
  private final class Run {
    private final double[] y;
    private final double[] dx;
    private final double[] parameters;

    Run(Module module, double[] given, Tensor x, BiFunction<Tape, Variable, Variable> function) {
      ParameterLayout layout = new ParameterLayout(module);
      ParameterVector values = new ParameterVector(layout, kernels);
      ParameterVector gradients = new ParameterVector(layout, kernels);
      int at = 0;
      for (Parameter parameter : layout.parameters()) {
        int size = Math.toIntExact(parameter.size());
        values.of(parameter).copyFrom(Arrays.copyOfRange(given, at, at + size));
        at += size;
      }
      Tape tape = new Tape(kernels, values, gradients);
      Variable input = tape.input(x);
      Variable output = function.apply(tape, input);
      double[] weights = new double[Math.toIntExact(output.value().size())];
      Arrays.setAll(weights, Math::cos);
      this.y = output.value().toDoubles();
      tape.backward(output, Tensor.of(weights, output.value().shape()));
      this.dx = input.gradient().toDoubles();
      this.parameters =
          layout.parameters().stream()
              .flatMapToDouble(p -> Arrays.stream(gradients.of(p).toDoubles()))
              .toArray();
    }

    void agrees(Run ours, double[] theirGradients, double[] ourGradients) {
      assertThat(y).containsExactly(ours.y, within(1e-12));
      assertThat(dx).containsExactly(ours.dx, within(1e-12));
      assertThat(theirGradients).containsExactly(ourGradients, within(1e-11));
    }
  }

  private Tensor normal(int... shape) {
    Tensor tensor = kernels.zeros(shape);
    double[] values = new double[Math.toIntExact(tensor.size())];
    Arrays.setAll(values, i -> random.nextGaussian());
    tensor.copyFrom(values);
    return tensor;
  }
}
