package org.wordmill.tape;

import java.util.function.Function;
import org.wordmill.kernel.DryKernels;
import org.wordmill.kernel.Kernels;

/**
 * Where each value and gradient of one kind of step lies, found by a rehearsal: the step runs once
 * with kernels that compute nothing, so that it is known beforehand which memory is asked for, and
 * between which calls it is needed. A value that no backward reads is given up after its last use
 * in the forward pass, a gradient when it has been popped.
 *
 * <p>A plan holds for every step that applies the same modules to the same values in the same
 * order, which must follow from the shapes of the inputs and not from their numbers. It costs no
 * memory for numbers, so it foretells what a step will take.
 */
public final class StepPlan {
  private static final int ROW = 1 << 20;

  private final Placement placement;
  private final int precisionBytes;

  private StepPlan(Placement placement, Kernels kernels) {
    this.placement = placement;
    this.precisionBytes = kernels.precision().bytes();
  }

  /**
   * Rehearses a step of training.
   *
   * @param kernels with which the step will run
   * @param step forward and backward; returns the loss, which can still be read after the step
   */
  public static StepPlan ofTraining(
      Kernels kernels,
      ParameterLayout layout,
      Recomputation recomputation,
      Function<Tape, Variable> step) {
    Kernels dry = DryKernels.like(kernels);
    Rehearsal memory = new Rehearsal(dry);
    Tape tape =
        new Tape(dry, parameters(dry, layout), parameters(dry, layout), recomputation, memory);
    return rehearse(tape, memory, step);
  }

  /**
   * Rehearses a forward pass without backward.
   *
   * @param step returns the value that is read after the step
   */
  public static StepPlan ofEvaluation(
      Kernels kernels, ParameterLayout layout, Function<Tape, Variable> step) {
    Kernels dry = DryKernels.like(kernels);
    Rehearsal memory = new Rehearsal(dry);
    Tape tape = new Tape(dry, parameters(dry, layout), null, Recomputation.NONE, memory);
    return rehearse(tape, memory, step);
  }

  /** Of any number, because models may be foretold that no machine holds. */
  private static ParameterVector parameters(Kernels dry, ParameterLayout layout) {
    int rows = Math.toIntExact(layout.size() / ROW + 1);
    return new ParameterVector(layout, dry.zeros(rows, ROW));
  }

  private static StepPlan rehearse(Tape tape, Rehearsal memory, Function<Tape, Variable> step) {
    memory.keep(step.apply(tape).value());
    return new StepPlan(memory.placement(), tape.kernels());
  }

  /** The memory of a step. */
  public long bytes() {
    return placement.elements() * precisionBytes;
  }

  Placement placement() {
    return placement;
  }
}
