package org.wordmill.module.convolution;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.IntToDoubleFunction;
import org.junit.jupiter.api.Test;
import org.wordmill.kernel.KernelChoice;
import org.wordmill.kernel.Kernels;
import org.wordmill.kernel.Precision;
import org.wordmill.kernel.Tensor;
import org.wordmill.kernel.Window;
import org.wordmill.module.GoldenNumbers;
import org.wordmill.tape.LeafModule;
import org.wordmill.tape.Parameter;
import org.wordmill.tape.ParameterLayout;
import org.wordmill.tape.ParameterVector;
import org.wordmill.tape.Tape;
import org.wordmill.tape.Variable;

/** Outputs and gradients against torch.nn.functional; golden_convolution.py made them. */
final class GoldenConvolutionTest {
  private final Map<String, double[]> golden =
      GoldenNumbers.read(GoldenConvolutionTest.class, "golden_convolution.txt");

  @Test
  void convolutionAlongOneAxisIsAsInPyTorch() {
    agrees("conv1d/plain", new Conv1d("net", 3, 4, Window.of(3)), 2, 7, 3);
    agrees("conv1d/same", new Conv1d("net", 3, 4, Window.same(5)), 2, 7, 3);
    agrees("conv1d/all", new Conv1d("net", 2, 3, window(3, 2, 2, 3)), 1, 11, 2);
  }

  @Test
  void convolutionAlongTwoAxesIsAsInPyTorch() {
    agrees("conv2d/plain", new Conv2d("net", 2, 3, Window.of(3), Window.of(2)), 2, 5, 6, 2);
    Conv2d all = new Conv2d("net", 2, 2, window(3, 2, 1, 2), window(2, 3, 1, 1));
    agrees("conv2d/all", all, 1, 7, 8, 2);
  }

  @Test
  void convolutionAlongThreeAxesIsAsInPyTorch() {
    Conv3d plain = new Conv3d("net", 2, 2, Window.of(2), Window.of(3), Window.of(2));
    agrees("conv3d/plain", plain, 1, 3, 4, 3, 2);
    Conv3d all =
        new Conv3d("net", 1, 2, window(2, 2, 1, 1), window(3, 1, 1, 2), window(2, 2, 1, 1));
    agrees("conv3d/all", all, 1, 4, 5, 3, 1);
  }

  @Test
  void maxPoolingIsAsInPyTorch() {
    agrees("pool1d/all", new MaxPool1d(window(3, 2, 1, 1)), 2, 9, 3);
    agrees("pool2d/tile", new MaxPool2d(2), 1, 5, 6, 2);
    agrees("pool2d/all", new MaxPool2d(window(3, 2, 1, 1), window(2, 1, 1, 1)), 2, 5, 7, 2);
    MaxPool3d cubes = new MaxPool3d(window(2, 1, 1, 1), window(2, 2, 0, 1), window(3, 2, 1, 1));
    agrees("pool3d/all", cubes, 1, 3, 4, 5, 1);
  }

  @Test
  void inputsOfAnotherShapeAreRefusedInOneLine() {
    Kernels kernels = KernelChoice.REFERENCE.create(Precision.DOUBLE);
    Conv1d conv = new Conv1d("net", 3, 4, Window.of(5));
    Tape tape = new Tape(kernels, vector(conv, kernels), vector(conv, kernels));
    assertThatThrownBy(() -> tape.apply(conv, tape.input(kernels.zeros(2, 7, 4))))
        .hasMessage("DOUBLE[2, 7, 4] is not [B, T, 3]");
    assertThatThrownBy(() -> tape.apply(conv, tape.input(kernels.zeros(2, 4, 3))))
        .hasMessage("a window over 5 positions does not fit on 4 with a padding of 0 and 0");
    MaxPool2d pool = new MaxPool2d(2);
    assertThatThrownBy(() -> tape.apply(pool, tape.input(kernels.zeros(2, 4, 3))))
        .hasMessage("DOUBLE[2, 4, 3] is not [B, H, W, C]");
    assertThatThrownBy(() -> new MaxPool1d(Window.of(3).withPadding(2)))
        .hasMessageContaining("at most half of its window");
  }

  private static Window window(int size, int stride, int padding, int dilation) {
    return new Window(size, stride, dilation, padding, padding);
  }

  private static ParameterVector vector(LeafModule module, Kernels kernels) {
    return new ParameterVector(new ParameterLayout(module), kernels);
  }

  private void agrees(String which, LeafModule module, int... shape) {
    for (Kernels kernels :
        List.of(
            KernelChoice.REFERENCE.create(Precision.DOUBLE),
            KernelChoice.REFERENCE.create(Precision.FLOAT),
            KernelChoice.FUSED.create(Precision.FLOAT))) {
      ParameterVector values = vector(module, kernels);
      ParameterVector gradients = vector(module, kernels);
      Tape tape = new Tape(kernels, values, gradients);
      int j = 1;
      for (Parameter parameter : values.layout().parameters()) {
        int tensor = j++;
        fill(values.of(parameter), i -> 0.8 * Math.sin(1.3 * i + 0.7 * tensor));
      }
      Tensor x = kernels.zeros(shape);
      boolean pool = module instanceof MaxPool;
      fill(x, i -> pool ? Math.sin((double) i * i) : 0.8 * Math.sin(1.3 * i));
      Variable input = tape.input(x);
      Variable y = tape.apply(module, input);
      double[] weights = new double[Math.toIntExact(y.value().size())];
      Arrays.setAll(weights, Math::cos);
      Tensor slope = kernels.zeros(y.value().shape());
      slope.copyFrom(weights);
      tape.backward(y, slope);
      compare(which + "/y", y.value(), kernels);
      compare(which + "/x", input.gradient(), kernels);
      for (Parameter parameter : values.layout().parameters()) {
        String name = parameter.name().replace("net.", "/");
        compare(which + name, gradients.of(parameter), kernels);
      }
    }
  }

  private void compare(String what, Tensor actual, Kernels kernels) {
    double[] expected = Objects.requireNonNull(golden.get(what), what);
    double largest = Arrays.stream(expected).map(Math::abs).max().orElseThrow();
    double tolerance = kernels.precision() == Precision.DOUBLE ? 1e-12 : 1e-5;
    assertThat(actual.toDoubles())
        .as("%s, %s", what, kernels.name())
        .containsExactly(expected, within(tolerance * largest));
  }

  private static void fill(Tensor tensor, IntToDoubleFunction formula) {
    double[] values = new double[Math.toIntExact(tensor.size())];
    Arrays.setAll(values, formula);
    tensor.copyFrom(values);
  }
}
