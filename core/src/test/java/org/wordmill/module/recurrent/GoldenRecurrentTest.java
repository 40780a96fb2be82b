package org.wordmill.module.recurrent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.wordmill.kernel.KernelChoice;
import org.wordmill.kernel.Kernels;
import org.wordmill.kernel.Precision;
import org.wordmill.kernel.Tensor;
import org.wordmill.module.GoldenNumbers;
import org.wordmill.tape.Module;
import org.wordmill.tape.Parameter;
import org.wordmill.tape.ParameterLayout;
import org.wordmill.tape.ParameterVector;
import org.wordmill.tape.Tape;
import org.wordmill.tape.Variable;

/** Outputs and gradients against torch.nn.RNN, LSTM and GRU; golden_recurrent.py made them. */
final class GoldenRecurrentTest {
  private static final int BATCH = 2;
  private static final int TIME = 4;
  private static final int INPUTS = 3;
  private static final int WIDTH = 5;
  private static final RecurrentLayer LAYER = new RecurrentLayer("net", 0, INPUTS, WIDTH, false, 0);
  private static final Map<String, Function<RecurrentLayer, Recurrence>> CELLS =
      Map.of("rnn", Rnn::new, "lstm", Lstm::new, "gru", Gru::new);

  private final Map<String, double[]> golden =
      GoldenNumbers.read(GoldenRecurrentTest.class, "golden_recurrent.txt");

  @ParameterizedTest
  @ValueSource(strings = {"rnn", "lstm", "gru"})
  void aGivenInitialStateAndItsGradientAreAsInPyTorch(String cell) {
    Recurrence module = cell(cell).apply(LAYER);
    int states = cell.equals("lstm") ? 2 : 1;
    for (Kernels kernels : everyKernels()) {
      Run run = new Run(module, cell + "/given/", kernels);
      List<Variable> inputs = new ArrayList<>(List.of(run.input(0, BATCH, TIME, INPUTS)));
      for (int i = 1; i <= states; i++) {
        inputs.add(run.input(i, BATCH, WIDTH));
      }
      Variable y = run.tape.apply(module, inputs.toArray(Variable[]::new));
      run.agrees(y, inputs.get(0));
      for (int i = 0; i < states; i++) {
        run.agrees("state" + i, inputs.get(i + 1).gradient());
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"rnn", "lstm", "gru"})
  void bothDirectionsAreAsInPyTorch(String cell) {
    BidirectionalRnn module = new BidirectionalRnn(cell(cell), LAYER);
    for (Kernels kernels : everyKernels()) {
      Run run = new Run(module, cell + "/both/", kernels);
      Variable x = run.input(0, BATCH, TIME, INPUTS);
      run.agrees(module.forward(run.tape, x), x);
    }
  }

  @Test
  void parametersAreNamedAndOrderedAsInPyTorch() {
    BidirectionalRnn module = new BidirectionalRnn(Lstm::new, LAYER);
    assertThat(new ParameterLayout(module).parameters().stream().map(Parameter::name))
        .containsExactly(
            "net.weight_ih_l0",
            "net.weight_hh_l0",
            "net.bias_ih_l0",
            "net.bias_hh_l0",
            "net.weight_ih_l0_reverse",
            "net.weight_hh_l0_reverse",
            "net.bias_ih_l0_reverse",
            "net.bias_hh_l0_reverse");
  }

  private static Function<RecurrentLayer, Recurrence> cell(String name) {
    return Objects.requireNonNull(CELLS.get(name));
  }

  private static List<Kernels> everyKernels() {
    return List.of(
        KernelChoice.REFERENCE.create(Precision.DOUBLE),
        KernelChoice.REFERENCE.create(Precision.FLOAT),
        KernelChoice.FUSED.create(Precision.FLOAT));
  }

  private final class Run {
    private final String prefix;
    private final Kernels kernels;
    private final ParameterVector gradients;
    private final Tape tape;

    Run(Module module, String prefix, Kernels kernels) {
      this.prefix = prefix;
      this.kernels = kernels;
      ParameterLayout layout = new ParameterLayout(module);
      ParameterVector values = new ParameterVector(layout, kernels);
      this.gradients = new ParameterVector(layout, kernels);
      this.tape = new Tape(kernels, values, gradients);
      int j = 3;
      for (Parameter parameter : layout.parameters()) {
        values.of(parameter).copyFrom(wave(j++, parameter.size()));
      }
    }

    Variable input(int j, int... shape) {
      Tensor tensor = kernels.zeros(shape);
      tensor.copyFrom(wave(j, tensor.size()));
      return tape.input(tensor);
    }

    void agrees(Variable y, Variable x) {
      agrees("y", y.value());
      double[] weights = new double[Math.toIntExact(y.value().size())];
      Arrays.setAll(weights, Math::cos);
      tape.backward(y, Tensor.of(weights, y.value().shape()));
      agrees("x", x.gradient());
      for (Parameter parameter : gradients.layout().parameters()) {
        agrees(parameter.name().replace("net.", ""), gradients.of(parameter));
      }
    }

    void agrees(String what, Tensor actual) {
      double[] expected = Objects.requireNonNull(golden.get(prefix + what), prefix + what);
      double largest = Arrays.stream(expected).map(Math::abs).max().orElseThrow();
      double tolerance = kernels.precision() == Precision.DOUBLE ? 1e-12 : 1e-5;
      assertThat(actual.toDoubles())
          .as("%s%s, %s", prefix, what, kernels.name())
          .containsExactly(expected, within(tolerance * largest));
    }
  }

  private static double[] wave(int j, long size) {
    double[] values = new double[Math.toIntExact(size)];
    Arrays.setAll(values, i -> 0.8 * Math.sin(1.3 * i + 0.7 * j));
    return values;
  }
}
