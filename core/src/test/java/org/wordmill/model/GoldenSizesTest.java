package org.wordmill.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.wordmill.kernel.Ids;
import org.wordmill.kernel.KernelChoice;
import org.wordmill.kernel.Kernels;
import org.wordmill.kernel.Precision;
import org.wordmill.tape.Parameter;
import org.wordmill.tape.ParameterVector;
import org.wordmill.tape.Tape;
import org.wordmill.tape.Variable;

/**
 * Loss and gradients of models of everyday sizes, by the fused kernels in single precision, against
 * PyTorch's in double precision; golden_sizes.py made these.
 */
final class GoldenSizesTest {
  private static final double TOLERANCE = 1e-4;
  private static final int IDS = 1_000_000;
  private static final int VECTORS = 2_000_000;

  enum Size {
    /** The size of nanoGPT's preset for a CPU. */
    S(12, new TransformerConfig(65, 64, 4, 4, 128, 0)),
    /** As wide as GPT-2, with an odd vocabulary and a short, odd context. */
    L(2, new TransformerConfig(5003, 17, 2, 12, 768, 0));

    private final int batch;
    private final TransformerConfig config;

    Size(int batch, TransformerConfig config) {
      this.batch = batch;
      this.config = config;
    }
  }

  @ParameterizedTest
  @EnumSource(Size.class)
  void lossAndEveryGradientAreThoseOfPytorch(Size size) throws IOException {
    Map<String, double[]> golden = golden(size);
    TransformerLm model = new TransformerLm(size.config);
    List<Parameter> parameters = model.layout().parameters();
    assertThat(golden).hasSize(parameters.size() + 1);
    Kernels kernels = KernelChoice.FUSED.create(Precision.FLOAT);
    ParameterVector values = new ParameterVector(model.layout(), kernels);
    ParameterVector gradients = new ParameterVector(model.layout(), kernels);
    for (int j = 0; j < parameters.size(); j++) {
      values.of(parameters.get(j)).copyFrom(weights(parameters.get(j), j));
    }
    Tape tape = new Tape(kernels, values, gradients);
    int count = size.batch * size.config.contextLength();
    int[] text = text(count + 1, size.config.vocabularySize());
    int[] targets = Arrays.copyOfRange(text, 1, count + 1);
    targets[5] = Ids.IGNORED;
    Variable loss = model.loss(tape, ids(size, Arrays.copyOf(text, count)), ids(size, targets));
    tape.backward(loss);

    double expectedLoss = expected(golden, "loss")[0];
    assertThat(loss.value().toDoubles()[0] / expectedLoss).isCloseTo(1, within(TOLERANCE));
    for (Parameter parameter : parameters) {
      agree(parameter, gradients.of(parameter).toDoubles(), expected(golden, parameter.name()));
    }
  }

  /** Norm, largest magnitude, three dot products, five elements. */
  private static void agree(Parameter parameter, double[] gradient, double[] golden) {
    double norm = golden[0];
    double largest = golden[1];
    double[] actual = new double[golden.length];
    double[] allowed = new double[golden.length];
    for (double g : gradient) {
      actual[0] += g * g;
      actual[1] = Math.max(actual[1], Math.abs(g));
    }
    actual[0] = Math.sqrt(actual[0]);
    for (int vector = 0; vector < 3; vector++) {
      for (int i = 0; i < gradient.length; i++) {
        actual[2 + vector] += gradient[i] * uniform(VECTORS + vector, i);
      }
    }
    for (int sample = 0; sample < 5; sample++) {
      actual[5 + sample] = gradient[(int) (sample * (gradient.length - 1L) / 4)];
    }
    // An error of a part of the norm, in any direction, shows in a dot product as much.
    Arrays.fill(allowed, TOLERANCE * norm);
    Arrays.fill(allowed, 5, allowed.length, TOLERANCE * largest);
    for (int i = 0; i < golden.length; i++) {
      assertThat(actual[i])
          .as("number %d of %s", i, parameter)
          .isCloseTo(golden[i], within(allowed[i]));
    }
  }

  private static double[] weights(Parameter parameter, int j) {
    int[] shape = parameter.shape();
    double amplitude = shape.length == 2 ? Math.sqrt(3.0 / shape[1]) : 0.1;
    boolean isGain = parameter.name().contains("ln_") && parameter.name().endsWith("weight");
    double[] weights = new double[Math.toIntExact(parameter.size())];
    Arrays.setAll(weights, i -> (isGain ? 1 : 0) + amplitude * uniform(j, i));
    return weights;
  }

  private static int[] text(int count, int vocabulary) {
    int[] text = new int[count];
    Arrays.setAll(text, i -> (int) ((uniform(IDS, i) + 1) / 2 * vocabulary));
    return text;
  }

  private static Ids ids(Size size, int[] values) {
    return new Ids(values, size.batch, size.config.contextLength());
  }

  /** In [-1, 1), as the script says. */
  private static double uniform(int stream, int i) {
    int h = i * 0x9E3779B1 + stream * 0x85EBCA77;
    h ^= h >>> 16;
    h *= 0x85EBCA6B;
    h ^= h >>> 13;
    h *= 0xC2B2AE35;
    h ^= h >>> 16;
    return Integer.toUnsignedLong(h) / (double) (1L << 31) - 1;
  }

  private static double[] expected(Map<String, double[]> golden, String name) {
    return Objects.requireNonNull(golden.get(name), name);
  }

  private static Map<String, double[]> golden(Size size) throws IOException {
    Map<String, double[]> golden = new HashMap<>();
    try (InputStream in =
            Objects.requireNonNull(GoldenSizesTest.class.getResourceAsStream("golden_sizes.txt"));
        BufferedReader lines =
            new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8))) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        String[] fields = line.split(" ", -1);
        if (fields[0].equals(size.name())) {
          golden.put(
              fields[1], Arrays.stream(fields).skip(2).mapToDouble(Double::parseDouble).toArray());
        }
      }
    }
    return golden;
  }
}
