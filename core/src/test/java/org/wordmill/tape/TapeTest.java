package org.wordmill.tape;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.wordmill.kernel.Precision;
import org.wordmill.kernel.ReferenceKernels;
import org.wordmill.kernel.Tensor;
import org.wordmill.module.Add;
import org.wordmill.module.Dropout;
import org.wordmill.module.LayerNorm;
import org.wordmill.module.Linear;
import org.wordmill.module.Sigmoid;
import org.wordmill.module.Tanh;

final class TapeTest {
  private static final Initializer ZERO = new Initializer.Constant(0);

  private final Linear linear =
      new Linear(new Parameter("w", ZERO, 1, 1), new Parameter("b", ZERO, 1));
  private final ParameterLayout layout = new ParameterLayout(linear);
  private final ParameterVector values = new ParameterVector(layout, Precision.DOUBLE);
  private final ParameterVector gradients = new ParameterVector(layout, Precision.DOUBLE);
  private final Tape tape = new Tape(new ReferenceKernels(Precision.DOUBLE), values, gradients);

  @Test
  void theLecturesNeuronHasTheDerivativesOfTheChainRule() {
    set(0.5, -1);
    Variable x = tape.input(number(3));
    Variable y = tape.apply(new Sigmoid(), tape.apply(linear, x));
    tape.backward(y);
    double s = 1 / (1 + Math.exp(-0.5));
    assertThat(y.value().toDoubles()[0]).isCloseTo(s, within(1e-15));
    double slope = s * (1 - s);
    assertThat(gradient("w")).isCloseTo(3 * slope, within(1e-15));
    assertThat(gradient("b")).isCloseTo(slope, within(1e-15));
    assertThat(x.gradient().toDoubles()[0]).isCloseTo(0.5 * slope, within(1e-15));
  }

  @Test
  void aModuleAppliedTwiceAddsBothPartsToItsParameters() {
    // y = w (w x + b) + b: dy/dw = 2 w x + b, dy/db = w + 1, dy/dx = w^2.
    set(3, 5);
    Variable x = tape.input(number(2));
    tape.backward(tape.apply(linear, tape.apply(linear, x)));
    assertThat(gradient("w")).isEqualTo(17);
    assertThat(gradient("b")).isEqualTo(4);
    assertThat(x.gradient().toDoubles()).containsExactly(9);
  }

  @Test
  void aValueUsedManyTimesGathersAllItsGradients() {
    // y = ((x + x) + x) + tanh(x): dy/dx = 3 + 1 - tanh(x)^2.
    Add add = new Add();
    Variable x = tape.input(number(0.25));
    Variable twice = tape.apply(add, x, x);
    Variable y = tape.apply(add, tape.apply(add, twice, x), tape.apply(new Tanh(), x));
    tape.backward(y);
    double expected = 4 - Math.pow(Math.tanh(0.25), 2);
    assertThat(x.gradient().toDoubles()[0]).isCloseTo(expected, within(1e-15));
  }

  @Test
  void theGradientOfASumReachesBothPartsAlthoughItsMemoryIsHandedOn() {
    // z = tanh(x + y) + y with the inner sum used twice more: nothing may share memory.
    Add add = new Add();
    Variable x = tape.input(number(0.5));
    Variable y = tape.input(number(-0.2));
    Variable sum = tape.apply(add, x, y);
    Variable z = tape.apply(add, tape.apply(add, tape.apply(new Tanh(), sum), y), sum);
    tape.backward(z);
    double slope = 1 - Math.pow(Math.tanh(0.3), 2);
    assertThat(x.gradient().toDoubles()[0]).isCloseTo(slope + 1, within(1e-15));
    assertThat(y.gradient().toDoubles()[0]).isCloseTo(slope + 2, within(1e-15));
  }

  @Test
  void nothingFlowsIntoConstantsAndWhatTheLossDoesNotUse() {
    set(2, 0);
    Variable unused = tape.input(number(1));
    tape.apply(linear, unused);
    Variable constant = tape.constant(number(4));
    tape.backward(tape.apply(linear, constant));
    assertThat(constant.needsGradient()).isFalse();
    assertThat(gradient("w")).isEqualTo(4);
    assertThatThrownBy(unused::gradient).hasMessageContaining("no gradient has reached");
  }

  @Test
  void aNormalizedConstantStillHasParametersThatLearn() {
    LayerNorm norm = new LayerNorm("ln", 2);
    ParameterLayout ofNorm = new ParameterLayout(norm);
    ParameterVector gains = new ParameterVector(ofNorm, Precision.DOUBLE);
    ParameterVector found = new ParameterVector(ofNorm, Precision.DOUBLE);
    Tape other = new Tape(new ReferenceKernels(Precision.DOUBLE), gains, found);
    Variable x = other.constant(Tensor.of(new double[] {-1, 1}, 1, 2));
    other.backward(other.apply(norm, x), Tensor.of(new double[] {3, 5}, 1, 2));
    double r = 1 / Math.sqrt(1 + 1e-5);
    assertThat(found.of(ofNorm.parameters().get(0)).toDoubles())
        .containsExactly(new double[] {-3 * r, 5 * r}, within(1e-12));
    assertThat(found.of(ofNorm.parameters().get(1)).toDoubles()).containsExactly(3, 5);
  }

  @Test
  void parameterGradientsAddUpOverSteps() {
    set(2, 0);
    for (int step = 0; step < 3; step++) {
      tape.reset(step);
      tape.backward(tape.apply(linear, tape.constant(number(4))));
    }
    assertThat(gradient("w")).isEqualTo(12);
  }

  @Test
  void theNextStepFindsTheMemoryOfTheStepBefore() {
    List<Long> bytes = new ArrayList<>();
    for (int step = 0; step < 4; step++) {
      tape.reset(step);
      Variable x = tape.constant(Tensor.zeros(Precision.DOUBLE, 7, 1));
      Variable y = tape.apply(new Sigmoid(), tape.apply(linear, x));
      tape.backward(y, Tensor.zeros(Precision.DOUBLE, 7, 1));
      bytes.add(tape.memoryBytes());
    }
    assertThat(bytes).containsOnly(bytes.get(0));
    // Two values, and one gradient that both of them use in turn or two if they live together.
    assertThat(bytes.get(0)).isBetween(3 * 7 * 8L, 4 * 7 * 8L);
  }

  @Test
  void memoryThatNobodyAsksForIsGivenUpAfterAWhile() {
    tape.reset(0);
    tape.apply(linear, tape.constant(Tensor.zeros(Precision.DOUBLE, 1000, 1)));
    assertThat(tape.memoryBytes()).isEqualTo(8000);
    for (int step = 1; step < 100; step++) {
      tape.reset(step);
      tape.apply(linear, tape.constant(number(1)));
    }
    assertThat(tape.memoryBytes()).isEqualTo(8);
  }

  @Test
  void theSeedOfTheStepDecidesAllRandomChoices() {
    Dropout dropout = new Dropout(0.5);
    Tensor ones = Tensor.zeros(Precision.DOUBLE, 64);
    ones.fill(1);
    double[][] runs = new double[3][];
    long[] seeds = {1, 1, 2};
    for (int i = 0; i < 3; i++) {
      tape.reset(seeds[i]);
      runs[i] = tape.apply(dropout, tape.constant(ones)).value().toDoubles();
      double[] second = tape.apply(dropout, tape.constant(ones)).value().toDoubles();
      assertThat(second).as("another call, another mask").isNotEqualTo(runs[i]);
    }
    assertThat(runs[1]).containsExactly(runs[0]);
    assertThat(runs[2]).isNotEqualTo(runs[0]);
  }

  @Test
  void anEvaluationTapeHasNoDropoutAndNoBackward() {
    Tape evaluation = Tape.forEvaluation(new ReferenceKernels(Precision.DOUBLE), values);
    Variable x = evaluation.constant(number(3));
    Variable y = evaluation.apply(new Dropout(0.9), x);
    assertThat(y.value().toDoubles()).containsExactly(3);
    assertThat(new Dropout(0.9).forward(evaluation, x)).isSameAs(x);
    assertThat(evaluation.calls()).isEmpty();
    assertThatThrownBy(() -> evaluation.backward(y)).hasMessageContaining("records nothing");
  }

  @Test
  void backwardRunsOnceAndFromOneElement() {
    set(1, 1);
    Variable y = tape.apply(linear, tape.constant(Tensor.zeros(Precision.DOUBLE, 2, 1)));
    assertThatThrownBy(() -> tape.backward(y)).hasMessageContaining("one element");
    Variable z = tape.apply(linear, tape.constant(number(1)));
    tape.backward(z);
    assertThatThrownBy(() -> tape.backward(z)).isInstanceOf(RuntimeException.class);
    assertThatThrownBy(z::gradient).hasMessageContaining("gone");
  }

  @Test
  void anotherThreadIsRefusedUntilTheTapeIsHandedOver() throws InterruptedException {
    List<Throwable> caught = new ArrayList<>();
    Thread other =
        new Thread(
            () -> {
              try {
                tape.reset(1);
              } catch (IllegalStateException e) {
                caught.add(e);
              }
              tape.handOver();
              tape.reset(2);
            });
    other.start();
    other.join();
    assertThat(caught).hasSize(1);
    assertThatThrownBy(() -> tape.reset(3)).hasMessageContaining("one thread at a time");
  }

  private void set(double w, double b) {
    values.of(layout.parameters().get(0)).fill(w);
    values.of(layout.parameters().get(1)).fill(b);
  }

  private double gradient(String name) {
    Parameter parameter =
        layout.parameters().stream().filter(p -> p.name().equals(name)).findFirst().orElseThrow();
    return gradients.of(parameter).toDoubles()[0];
  }

  private static Tensor number(double value) {
    return Tensor.of(new double[] {value}, 1, 1);
  }
}
