package org.wordmill.module.recurrent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.wordmill.kernel.KernelChoice;
import org.wordmill.kernel.Kernels;
import org.wordmill.kernel.Precision;
import org.wordmill.kernel.Tensor;
import org.wordmill.tape.Parameter;
import org.wordmill.tape.ParameterLayout;
import org.wordmill.tape.ParameterVector;
import org.wordmill.tape.SequenceCache;
import org.wordmill.tape.Tape;
import org.wordmill.tape.Variable;

/** Truncation, sequences in pieces, and the direction of time, for every cell. */
final class RecurrenceTest {
  private static final int TIME = 7;
  private static final int WIDTH = 3;
  private static final int INPUTS = 2;
  private static final RecurrentLayer LAYER = RecurrentLayer.of("net", INPUTS, WIDTH);

  private final Kernels kernels = KernelChoice.REFERENCE.create(Precision.DOUBLE);
  private final SplittableRandom random = new SplittableRandom(20);
  private final Tensor x = normal(1, TIME, INPUTS);
  private final Tensor weights = normal(1, TIME, WIDTH);

  static List<Function<RecurrentLayer, Recurrence>> cells() {
    return List.of(Rnn::new, Lstm::new, Gru::new);
  }

  /** Pieces of k steps, each with the state of the one before as a constant, are its definition. */
  @ParameterizedTest
  @MethodSource("cells")
  void truncatedGradientsAreThoseOfPiecesThatBeginWithAConstantState(
      Function<RecurrentLayer, Recurrence> cell) {
    for (int k : new int[] {1, 2, 3, TIME}) {
      Recurrence truncated = cell.apply(LAYER.truncated(k));
      ParameterVector values = drawn(truncated);
      Tensor states = states(truncated, values, TIME);

      ParameterVector gradients = new ParameterVector(values.layout(), kernels);
      Tape tape = new Tape(kernels, values, gradients);
      Variable whole = tape.input(x);
      tape.backward(tape.apply(truncated, whole), weights);

      ParameterVector byPieces = new ParameterVector(values.layout(), kernels);
      List<Double> ofInput = new ArrayList<>();
      for (int from = 0; from < TIME; from += k) {
        int length = Math.min(k, TIME - from);
        Tape piece = new Tape(kernels, values, byPieces);
        Variable part = piece.input(x.view((long) from * INPUTS, 1, length, INPUTS));
        List<Variable> inputs = new ArrayList<>(List.of(part));
        if (from > 0) {
          int row = (from - 1) * truncated.stateWidth();
          for (int at = 0; at < truncated.stateWidth(); at += WIDTH) {
            inputs.add(piece.constant(states.view(row + at, 1, WIDTH)));
          }
        }
        piece.backward(
            piece.apply(truncated, inputs.toArray(Variable[]::new)),
            weights.view((long) from * WIDTH, 1, length, WIDTH));
        Arrays.stream(part.gradient().toDoubles()).forEach(ofInput::add);
      }

      close(whole.gradient(), ofInput.stream().mapToDouble(v -> v).toArray());
      close(gradients.flat(), byPieces.flat().toDoubles());
    }
  }

  @ParameterizedTest
  @MethodSource("cells")
  void truncationChangesGradientsAndNotValues(Function<RecurrentLayer, Recurrence> cell) {
    Recurrence whole = cell.apply(LAYER);
    Recurrence truncated = cell.apply(LAYER.truncated(2));
    double[][] results = new double[4][];
    int i = 0;
    for (Recurrence module : List.of(whole, truncated)) {
      ParameterVector values = drawn(module);
      Tape tape = new Tape(kernels, values, new ParameterVector(values.layout(), kernels));
      Variable input = tape.input(x);
      Variable y = tape.apply(module, input);
      results[i++] = y.value().toDoubles();
      tape.backward(y, weights);
      results[i++] = input.gradient().toDoubles();
    }
    assertThat(results[2]).isEqualTo(results[0]);
    assertThat(results[3]).isNotEqualTo(results[1]);
  }

  @ParameterizedTest
  @MethodSource("cells")
  void aSequenceInPiecesIsTheSameAsInOne(Function<RecurrentLayer, Recurrence> cell) {
    Recurrence module = cell.apply(LAYER);
    ParameterVector values = drawn(module);
    double[] whole =
        Tape.forEvaluation(kernels, values)
            .apply(module, variable(x, TIME, values))
            .value()
            .toDoubles();
    SequenceCache cache = new SequenceCache(kernels, TIME);
    Tape tape = Tape.forEvaluation(kernels, values);
    int from = 0;
    for (int length : new int[] {1, 3, 1, 2}) {
      tape.resume(cache);
      Tensor part = x.view((long) from * INPUTS, 1, length, INPUTS);
      Tensor y = tape.apply(module, tape.constant(part)).value();
      cache.extend(length);
      close(y, Arrays.copyOfRange(whole, from * WIDTH, (from + length) * WIDTH));
      from += length;
    }
    assertThat(from).isEqualTo(TIME);
  }

  @ParameterizedTest
  @MethodSource("cells")
  void backwardsIsForwardsOnTheReversedSequence(Function<RecurrentLayer, Recurrence> cell) {
    Recurrence forwards = cell.apply(LAYER);
    Recurrence backwards = cell.apply(LAYER.reversed());
    ParameterVector values = drawn(forwards);
    ParameterVector same = drawn(backwards);
    same.flat().copyFrom(values.flat());
    Tensor reversed = Tensor.of(reversed(x.toDoubles(), INPUTS), 1, TIME, INPUTS);
    Tensor y =
        Tape.forEvaluation(kernels, values)
            .apply(forwards, variable(reversed, TIME, values))
            .value();
    Tensor z = Tape.forEvaluation(kernels, same).apply(backwards, variable(x, TIME, same)).value();
    close(z, reversed(y.toDoubles(), WIDTH));
  }

  @Test
  void inputsOfTheWrongShapeAreRefused() {
    Lstm module = new Lstm(LAYER);
    Tape tape = Tape.forEvaluation(kernels, drawn(module));
    Variable input = tape.constant(x);
    Variable state = tape.constant(normal(1, WIDTH));
    Variable wrong = tape.constant(normal(2, WIDTH));
    assertThatThrownBy(() -> tape.apply(module, state)).hasMessageContaining("[B, T, 2]");
    assertThatThrownBy(() -> tape.apply(module, input, state)).hasMessageContaining("1 initial");
    assertThatThrownBy(() -> tape.apply(module, input, state, wrong))
        .hasMessageContaining("initial state");
  }

  /** h, and c beside it, after each of the first {@code time} steps. */
  private Tensor states(Recurrence module, ParameterVector values, int time) {
    SequenceCache cache = new SequenceCache(kernels, time);
    Tape tape = Tape.forEvaluation(kernels, values);
    tape.resume(cache);
    tape.apply(module, tape.constant(x));
    return cache.of(module, module.stateWidth());
  }

  private Variable variable(Tensor tensor, int time, ParameterVector values) {
    return Tape.forEvaluation(kernels, values).constant(tensor.reshape(1, time, INPUTS));
  }

  /** Parameters that follow from the shapes alone. */
  private ParameterVector drawn(Recurrence module) {
    ParameterVector values = new ParameterVector(new ParameterLayout(module), kernels);
    SplittableRandom same = new SplittableRandom(4);
    for (Parameter parameter : values.layout().parameters()) {
      double[] drawn = new double[Math.toIntExact(parameter.size())];
      Arrays.setAll(drawn, i -> 0.7 * same.nextGaussian());
      values.of(parameter).copyFrom(drawn);
    }
    return values;
  }

  private Tensor normal(int... shape) {
    Tensor tensor = kernels.zeros(shape);
    double[] values = new double[Math.toIntExact(tensor.size())];
    Arrays.setAll(values, i -> random.nextGaussian());
    tensor.copyFrom(values);
    return tensor;
  }

  private static double[] reversed(double[] rows, int columns) {
    double[] result = new double[rows.length];
    for (int at = 0; at < rows.length; at += columns) {
      System.arraycopy(rows, at, result, rows.length - columns - at, columns);
    }
    return result;
  }

  private static void close(Tensor actual, double[] expected) {
    assertThat(actual.toDoubles()).containsExactly(expected, within(1e-13));
  }
}
