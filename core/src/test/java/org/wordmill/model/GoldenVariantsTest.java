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
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.wordmill.kernel.Ids;
import org.wordmill.kernel.KernelChoice;
import org.wordmill.kernel.Precision;
import org.wordmill.module.attention.NormPlacement;
import org.wordmill.module.attention.PositionKind;
import org.wordmill.tape.Parameter;
import org.wordmill.tape.ParameterVector;
import org.wordmill.tape.Tape;
import org.wordmill.tape.Variable;

/**
 * Every kind of positions, and post-norm, against PyTorch's loss, logits and gradients;
 * golden_variants.py made them.
 */
final class GoldenVariantsTest {
  private static final TransformerConfig CONFIG = new TransformerConfig(7, 5, 1, 2, 8, 0);

  private final Ids inputs = new Ids(new int[] {3, 1, 4, 1, 5, 2, 6, 5, 3, 0}, 2, 5);
  private final Ids targets = new Ids(new int[] {1, 4, 1, 5, 2, 6, 5, Ids.IGNORED, 0, 4}, 2, 5);

  @Test
  void theReferenceKernelsAgreeInDoublePrecision() throws IOException {
    agree(KernelChoice.REFERENCE, Precision.DOUBLE, 1e-9);
  }

  @Test
  void theFusedKernelsAgree() throws IOException {
    agree(KernelChoice.FUSED, Precision.FLOAT, 1e-5);
  }

  private void agree(KernelChoice kernels, Precision precision, double tolerance)
      throws IOException {
    Map<List<String>, Map<String, double[]>> golden = golden();
    assertThat(golden).hasSize(5);
    golden.forEach(
        (variant, expected) -> {
          TransformerConfig config =
              CONFIG
                  .withPositions(PositionKind.valueOf(variant.get(0).toUpperCase(Locale.ROOT)))
                  .withNorm(NormPlacement.valueOf(variant.get(1).toUpperCase(Locale.ROOT)));
          Map<String, double[]> actual = run(config.build(), kernels, precision);
          expected.forEach(
              (name, values) -> {
                double largest = Arrays.stream(values).map(Math::abs).max().orElseThrow();
                assertThat(actual.get(name))
                    .as(variant + " " + name)
                    .containsExactly(values, within(tolerance * largest));
              });
        });
  }

  private Map<String, double[]> run(
      TransformerLm model, KernelChoice kernels, Precision precision) {
    ParameterVector values = new ParameterVector(model.layout(), precision);
    ParameterVector gradients = new ParameterVector(model.layout(), precision);
    List<Parameter> parameters = model.layout().parameters();
    for (int j = 0; j < parameters.size(); j++) {
      values.of(parameters.get(j)).copyFrom(weights(parameters.get(j), j));
    }
    Map<String, double[]> results = new LinkedHashMap<>();
    Tape tape = new Tape(kernels.create(precision), values, gradients);
    results.put("logits", model.logits(tape, inputs).value().toDoubles());
    tape.reset(0);
    Variable loss = model.loss(tape, inputs, targets);
    tape.backward(loss);
    results.put("loss", loss.value().toDoubles());
    parameters.forEach(p -> results.put(p.name(), gradients.of(p).toDoubles()));
    return results;
  }

  private static double[] weights(Parameter parameter, int j) {
    boolean isGain = parameter.name().contains("ln_") && parameter.name().endsWith("weight");
    double[] weights = new double[Math.toIntExact(parameter.size())];
    Arrays.setAll(weights, i -> (isGain ? 1 : 0) + 0.4 * Math.sin(1.3 * i + 0.7 * j));
    return weights;
  }

  /** By positions and norm, and then by the name of the tensor. */
  private static Map<List<String>, Map<String, double[]>> golden() throws IOException {
    Map<List<String>, Map<String, double[]>> golden = new LinkedHashMap<>();
    try (InputStream in =
            Objects.requireNonNull(
                GoldenVariantsTest.class.getResourceAsStream("golden_variants.txt"));
        BufferedReader lines =
            new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8))) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        String[] fields = line.split(" ", -1);
        double[] numbers = Arrays.stream(fields).skip(3).mapToDouble(Double::parseDouble).toArray();
        golden
            .computeIfAbsent(List.of(fields[0], fields[1]), variant -> new LinkedHashMap<>())
            .put(fields[2], numbers);
      }
    }
    return golden;
  }
}
