package org.wordmill.tape;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.wordmill.kernel.Ids;
import org.wordmill.kernel.KernelChoice;
import org.wordmill.kernel.Kernels;
import org.wordmill.kernel.Precision;
import org.wordmill.kernel.RemoteKernels;
import org.wordmill.kernel.Tensor;
import org.wordmill.model.GradientChecks;
import org.wordmill.model.TransformerConfig;
import org.wordmill.model.TransformerLm;
import org.wordmill.module.Add;
import org.wordmill.module.Linear;
import org.wordmill.module.Tanh;

/** Steps in a planned arena: the same bits as in memory of which every value has its own. */
final class StepPlanTest {
  private static final long SEED = 44;

  private final SplittableRandom random = new SplittableRandom(SEED);

  /** Gradients of everything, and what was left in the arena. */
  private record Outcome(List<double[]> numbers, long bytes) {}

  @TestFactory
  Stream<DynamicTest> everyModuleHasTheSameGradientsWithAPlan() {
    return GradientChecks.cases(SEED).stream()
        .map(c -> DynamicTest.dynamicTest(c.name(), () -> sameGradients(c)));
  }

  private void sameGradients(GradientCheck.Case c) {
    // Kernels that copy whole tensors there and back notice every overlap.
    for (Kernels kernels :
        List.of(
            KernelChoice.REFERENCE.create(Precision.DOUBLE), RemoteKernels.of(Precision.DOUBLE))) {
      ParameterLayout layout = new ParameterLayout(c.module());
      ParameterVector values = new ParameterVector(layout, kernels);
      values.flat().copyFrom(random.doubles(values.flat().size(), -0.5, 0.5).toArray());
      List<List<double[]>> outcomes = new ArrayList<>();
      StepPlan plan =
          StepPlan.ofTraining(kernels, layout, Recomputation.NONE, tape -> step(c, tape).get(0));
      for (boolean planned : new boolean[] {false, true}) {
        ParameterVector gradients = new ParameterVector(layout, kernels);
        Tape tape = new Tape(kernels, values, gradients);
        if (planned) {
          tape.reset(7, plan, poisoned(kernels, plan));
        } else {
          tape.reset(7);
        }
        List<Variable> variables = step(c, tape);
        List<double[]> numbers = new ArrayList<>();
        numbers.add(gradients.flat().toDoubles());
        for (int i = 1; i < variables.size(); i++) {
          numbers.add(variables.get(i).gradient().toDoubles());
        }
        // Where a module consumes its input, the input's gradient is what is left.
        outcomes.add(numbers);
      }
      for (int i = 0; i < outcomes.get(0).size(); i++) {
        assertThat(outcomes.get(1).get(i)).containsExactly(outcomes.get(0).get(i));
      }
    }
  }

  /** One step of a case; the output and then the inputs. */
  private static List<Variable> step(GradientCheck.Case c, Tape tape) {
    List<Variable> inputs = new ArrayList<>();
    for (Tensor input : c.inputs()) {
      Tensor copy = tape.kernels().zeros(input.shape());
      copy.copyFrom(input);
      inputs.add(tape.input(copy));
    }
    Variable output = c.function().apply(tape, inputs);
    double[] weights = new double[Math.toIntExact(output.value().size())];
    Arrays.setAll(weights, i -> Math.sin(i + 1));
    tape.backward(output, Tensor.of(weights, output.value().shape()));
    List<Variable> all = new ArrayList<>();
    all.add(output);
    all.addAll(inputs);
    return all;
  }

  /** Room for a plan, full of NaN. */
  private static StepArena poisoned(Kernels kernels, StepPlan plan) {
    StepArena arena = new StepArena(kernels);
    int size = Math.toIntExact(plan.placement().elements());
    ParameterLayout layout = new ParameterLayout(new Add());
    Function<Tape, Variable> whole = tape -> tape.constant(tape.memory(size));
    Tape tape = Tape.forEvaluation(kernels, new ParameterVector(layout, kernels));
    tape.reset(0, StepPlan.ofEvaluation(kernels, layout, whole), arena);
    whole.apply(tape).value().fill(Double.NaN);
    return arena;
  }

  @Test
  void aPlannedStepOfATransformerTakesLessThanOneWithoutAPlan() {
    TransformerLm model = new TransformerLm(new TransformerConfig(19, 16, 4, 2, 16, 0.1));
    Kernels kernels = KernelChoice.FUSED.create(Precision.FLOAT);
    ParameterVector values = new ParameterVector(model.layout(), kernels);
    values.initialize(SEED);
    Ids ids = new Ids(random.ints(48, 0, 19).toArray(), 3, 16);
    Function<Tape, Variable> step =
        tape -> {
          Variable loss = model.loss(tape, ids, ids);
          tape.backward(loss);
          return loss;
        };
    StepPlan plan = StepPlan.ofTraining(kernels, model.layout(), Recomputation.NONE, step);
    ParameterVector expected = new ParameterVector(model.layout(), kernels);
    Tape unplanned = new Tape(kernels, values, expected);
    ParameterVector actual = new ParameterVector(model.layout(), kernels);
    Tape planned = new Tape(kernels, values, actual);
    StepArena arena = poisoned(kernels, plan);
    for (int i = 0; i < 3; i++) {
      unplanned.reset(i);
      planned.reset(i, plan, arena);
      float loss = step.apply(unplanned).value().toFloats()[0];
      assertThat(step.apply(planned).value().toFloats()).containsExactly(loss);
      assertThat(actual.flat().toFloats()).containsExactly(expected.flat().toFloats());
    }
    assertThat(plan.bytes()).isLessThan(unplanned.memoryBytes() * 4 / 5);
    assertThat(arena.bytes()).isBetween(plan.bytes(), plan.bytes() + (4 << 12));
  }

  @Test
  void anEvaluationTakesHardlyMoreThanItsLargestModule() {
    TransformerLm model = new TransformerLm(new TransformerConfig(19, 16, 12, 1, 16, 0));
    Kernels kernels = KernelChoice.REFERENCE.create(Precision.FLOAT);
    Ids ids = new Ids(new int[16], 1, 16);
    StepPlan plan =
        StepPlan.ofEvaluation(kernels, model.layout(), tape -> model.loss(tape, ids, ids));
    // x, c_fc and its GELU are there at once, 9 times [T, C], however many layers there are.
    assertThat(plan.bytes()).isBetween(9L * 16 * 16 * 4, 10L * 16 * 16 * 4);
  }

  @Test
  void aStepUnlikeItsRehearsalIsRefused() {
    Linear linear = new Linear("linear", 4, 4, new Initializer.Constant(1));
    Kernels kernels = KernelChoice.REFERENCE.create(Precision.FLOAT);
    ParameterLayout layout = new ParameterLayout(linear);
    ParameterVector values = new ParameterVector(layout, kernels);
    StepPlan plan =
        StepPlan.ofEvaluation(
            kernels, layout, tape -> tape.apply(linear, tape.constant(kernels.zeros(3, 4))));
    Tape tape = Tape.forEvaluation(kernels, values);
    StepArena arena = new StepArena(kernels);
    tape.reset(0, plan, arena);
    assertThatThrownBy(() -> tape.apply(linear, tape.constant(kernels.zeros(5, 4))))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("FLOAT[5, 4]");
    tape.reset(0, plan, arena);
    Variable y = tape.apply(linear, tape.constant(kernels.zeros(3, 4)));
    assertThatThrownBy(() -> tape.apply(linear, y)).hasMessageContaining("more than the 1 tensors");
  }

  @Test
  void severalPlansTakeTurnsInOneArena() {
    Kernels kernels = KernelChoice.REFERENCE.create(Precision.DOUBLE);
    Tanh tanh = new Tanh();
    ParameterLayout layout = new ParameterLayout(tanh);
    ParameterVector values = new ParameterVector(layout, kernels);
    Tape tape = Tape.forEvaluation(kernels, values);
    StepArena arena = new StepArena(kernels);
    for (int size : new int[] {3, 20_000, 5, 20_000, 3}) {
      Tensor x = kernels.zeros(size);
      x.fill(0.5);
      Function<Tape, Variable> step = t -> t.apply(tanh, t.constant(x));
      tape.reset(0, StepPlan.ofEvaluation(kernels, layout, step), arena);
      assertThat(step.apply(tape).value().toDoubles()).hasSize(size).containsOnly(Math.tanh(0.5));
    }
  }

  @Test
  void aModuleCannotReadInBackwardWhatItSaysItDoesNotRead() {
    LeafModule untruthful =
        new LeafModule() {
          @Override
          protected Tensor forward(Call call) {
            return call.output(call.input(0).shape());
          }

          @Override
          protected void backward(Call call) {
            call.addGradient(0);
            call.input(0);
          }

          @Override
          protected boolean backwardReadsInput(int i) {
            return false;
          }
        };
    Kernels kernels = KernelChoice.REFERENCE.create(Precision.DOUBLE);
    ParameterLayout layout = new ParameterLayout(new Add());
    Tape tape =
        new Tape(
            kernels, new ParameterVector(layout, kernels), new ParameterVector(layout, kernels));
    Variable y = tape.apply(untruthful, tape.input(kernels.zeros(1)));
    assertThatThrownBy(() -> tape.backward(y)).hasMessageContaining("does not read input 0");
  }
}
