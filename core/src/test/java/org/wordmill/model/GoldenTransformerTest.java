package org.wordmill.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.wordmill.kernel.Ids;
import org.wordmill.kernel.KernelChoice;
import org.wordmill.kernel.Precision;
import org.wordmill.module.GoldenNumbers;
import org.wordmill.tape.Parameter;
import org.wordmill.tape.ParameterVector;
import org.wordmill.tape.Tape;
import org.wordmill.tape.Variable;

/** Loss and gradients of a whole small model against PyTorch's; golden_transformer.py made them. */
final class GoldenTransformerTest {
  private final TransformerLm model = new TransformerLm(new TransformerConfig(11, 5, 2, 2, 8, 0));
  private final Ids inputs = new Ids(new int[] {3, 1, 4, 1, 5, 9, 2, 6, 5, 3}, 2, 5);
  private final Ids targets = new Ids(new int[] {1, 4, 1, 5, 9, 2, 6, Ids.IGNORED, 3, 10}, 2, 5);

  @Test
  void theReferenceKernelsAgreeInDoublePrecision() throws IOException {
    agree(KernelChoice.REFERENCE, Precision.DOUBLE, 1e-9);
  }

  @Test
  void theReferenceKernelsAgreeInSinglePrecision() throws IOException {
    agree(KernelChoice.REFERENCE, Precision.FLOAT, 1e-5);
  }

  @Test
  void theFusedKernelsAgree() throws IOException {
    agree(KernelChoice.FUSED, Precision.FLOAT, 1e-5);
  }

  @Test
  void parametersAreNamedAndOrderedAsInGpt2sFiles() throws IOException {
    List<String> names = List.copyOf(golden().keySet());
    assertThat(model.layout().parameters().stream().map(Parameter::name))
        .containsExactlyElementsOf(names.subList(2, names.size()));
  }

  private void agree(KernelChoice kernels, Precision precision, double tolerance)
      throws IOException {
    Map<String, double[]> golden = golden();
    ParameterVector values = new ParameterVector(model.layout(), precision);
    ParameterVector gradients = new ParameterVector(model.layout(), precision);
    List<Parameter> parameters = model.layout().parameters();
    for (int j = 0; j < parameters.size(); j++) {
      values.of(parameters.get(j)).copyFrom(GoldenNumbers.weights(parameters.get(j), j));
    }
    Tape tape = new Tape(kernels.create(precision), values, gradients);
    assertClose("logits", model.logits(tape, inputs).value().toDoubles(), golden, tolerance);
    tape.reset(0);
    Variable loss = model.loss(tape, inputs, targets);
    tape.backward(loss);
    assertClose("loss", loss.value().toDoubles(), golden, tolerance);
    for (Parameter parameter : parameters) {
      assertClose(parameter.name(), gradients.of(parameter).toDoubles(), golden, tolerance);
    }
  }

  /** Relative to the largest element of the tensor. */
  private static void assertClose(
      String name, double[] actual, Map<String, double[]> golden, double tolerance) {
    double[] expected = Objects.requireNonNull(golden.get(name), name);
    double largest = Arrays.stream(expected).map(Math::abs).max().orElseThrow();
    assertThat(actual).as(name).containsExactly(expected, within(tolerance * largest));
  }

  private static Map<String, double[]> golden() throws IOException {
    Map<String, double[]> golden = new LinkedHashMap<>();
    try (InputStream in =
            Objects.requireNonNull(
                GoldenTransformerTest.class.getResourceAsStream("golden_transformer.txt"));
        BufferedReader lines =
            new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8))) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        String[] fields = line.split(" ", -1);
        golden.put(
            fields[0], Arrays.stream(fields).skip(1).mapToDouble(Double::parseDouble).toArray());
      }
    }
    return golden;
  }
}
