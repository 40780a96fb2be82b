package org.wordmill.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.wordmill.kernel.Ids;
import org.wordmill.kernel.KernelChoice;
import org.wordmill.kernel.Kernels;
import org.wordmill.kernel.Precision;
import org.wordmill.module.GoldenNumbers;
import org.wordmill.tape.Parameter;
import org.wordmill.tape.ParameterVector;
import org.wordmill.tape.Tape;
import org.wordmill.tape.Variable;
import org.wordmill.text.TaggedWords;

/**
 * Whole taggers against PyTorch's layers on packed sequences, which golden_tagger.py made, with
 * whatever filling behind the sentences.
 */
final class GoldenTaggerTest {
  private static final int TAGS = 4;
  private static final int[][] WORDS = {{2, 8, 0, 3, 2}, {4, 5}, {6, 0, 7}};
  private static final int[][] TARGETS = {{0, 3, Ids.IGNORED, 1, 2}, {2, 2}, {1, 0, 3}};

  private final Map<String, double[]> golden =
      GoldenNumbers.read(GoldenTaggerTest.class, "golden_tagger.txt");

  record Case(String name, TaggerConfig config) {}

  static List<Case> cases() {
    return List.of(
        new Case("rnn", config(CellKind.RNN, 1, false)),
        new Case("birnn", config(CellKind.RNN, 1, true)),
        new Case("bilstm", config(CellKind.LSTM, 2, true)),
        new Case("bigru", config(CellKind.GRU, 1, true)),
        new Case("windows", new ConvolutionalTaggerConfig(9, TAGS, 8, 3, 1, 4, 5, 0, 1)),
        new Case("windows2", new ConvolutionalTaggerConfig(9, TAGS, 8, 3, 2, 4, 3, 0, 1)));
  }

  private static TaggerConfig config(CellKind cell, int layers, boolean bidirectional) {
    return new RecurrentTaggerConfig(9, TAGS, 8, 3, layers, 4, cell, bidirectional, 0, 1);
  }

  @ParameterizedTest
  @MethodSource("cases")
  void lossScoresAndGradientsAreThoseOfPyTorchWithAnyFilling(Case c) {
    for (Kernels kernels :
        List.of(
            KernelChoice.REFERENCE.create(Precision.DOUBLE),
            KernelChoice.FUSED.create(Precision.FLOAT))) {
      for (int time : new int[] {5, 6, 9}) {
        compare(c, kernels, time);
      }
    }
  }

  private void compare(Case c, Kernels kernels, int time) {
    Tagger tagger = c.config().build();
    ParameterVector values = new ParameterVector(tagger.layout(), kernels);
    ParameterVector gradients = new ParameterVector(tagger.layout(), kernels);
    List<Parameter> parameters = tagger.layout().parameters();
    for (int j = 0; j < parameters.size(); j++) {
      values.of(parameters.get(j)).copyFrom(wave(j, parameters.get(j).size()));
    }
    Tape tape = new Tape(kernels, values, gradients);
    Ids words = ids(WORDS, time, TaggedWords.END);
    double tolerance = kernels.precision() == Precision.DOUBLE ? 1e-12 : 1e-5;
    double[] scores = tagger.scores(tape, words).value().toDoubles();
    agrees(c.name() + "/scores", ofWords(scores, time), tolerance);

    tape.reset(0);
    Variable loss = tagger.loss(tape, words, ids(TARGETS, time, Ids.IGNORED));
    agrees(c.name() + "/loss", loss.value().toDoubles(), tolerance);
    tape.backward(loss);
    for (Parameter parameter : parameters) {
      agrees(c.name() + "/" + parameter.name(), gradients.of(parameter).toDoubles(), tolerance);
    }
  }

  private void agrees(String what, double[] actual, double tolerance) {
    double[] expected = Objects.requireNonNull(golden.get(what), what);
    double largest = Arrays.stream(expected).map(Math::abs).max().orElseThrow();
    assertThat(actual).as(what).containsExactly(expected, within(tolerance * largest));
  }

  private static Ids ids(int[][] rows, int time, int filling) {
    int[] all = new int[rows.length * time];
    Arrays.fill(all, filling);
    for (int b = 0; b < rows.length; b++) {
      System.arraycopy(rows[b], 0, all, b * time, rows[b].length);
    }
    return new Ids(all, rows.length, time);
  }

  /** The scores of words, without those of what fills. */
  private static double[] ofWords(double[] scores, int time) {
    return IntStream.range(0, WORDS.length)
        .mapToObj(
            b -> Arrays.copyOfRange(scores, b * time * TAGS, (b * time + WORDS[b].length) * TAGS))
        .flatMapToDouble(Arrays::stream)
        .toArray();
  }

  private static double[] wave(int j, long size) {
    double[] values = new double[Math.toIntExact(size)];
    Arrays.setAll(values, i -> 0.8 * Math.sin(1.3 * i + 0.7 * j));
    return values;
  }
}
