package org.wordmill.tape;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.wordmill.kernel.Ids;
import org.wordmill.kernel.Kernels;
import org.wordmill.kernel.Tensor;

/**
 * The record of a forward computation, from which the backward computation follows: {@link #apply}
 * runs a module forward and pushes its call, {@link #backward} pops the calls, last first, and runs
 * each backward. A stack and not a queue, because the gradient of a value is complete only when
 * everything that used it has been popped.
 *
 * <p>A tape is confined to one thread at a time (several tasks share a JVM), and owns the memory of
 * the values and gradients of a step: after {@link #reset} the next step finds the places of the
 * one before, so a training loop with constant shapes allocates nothing after its first step.
 * Values of an earlier step are overwritten then.
 *
 * <p>Source: lecture, module-based automatic differentiation.
 */
public final class Tape {
  private final Kernels kernels;
  private final ParameterVector values;
  private final @Nullable ParameterVector gradients;
  private Thread owner = Thread.currentThread();

  private final List<Call> calls = new ArrayList<>();
  private final List<Tensor> memory = new ArrayList<>();
  private final List<GradientSlot> slots = new ArrayList<>();
  private int usedMemory;
  private int usedSlots;
  private long seed;
  private boolean training;

  /**
   * A tape for training.
   *
   * @param gradients where the gradients of the parameters add up; the caller clears it
   */
  public Tape(Kernels kernels, ParameterVector values, ParameterVector gradients) {
    this(kernels, values, gradients, true);
  }

  private Tape(
      Kernels kernels,
      ParameterVector values,
      @Nullable ParameterVector gradients,
      boolean training) {
    this.kernels = kernels;
    this.values = values;
    this.gradients = gradients;
    this.training = training;
  }

  /** A tape for evaluation: dropout is off, nothing is recorded, {@link #backward} is refused. */
  public static Tape forEvaluation(Kernels kernels, ParameterVector values) {
    return new Tape(kernels, values, null, false);
  }

  public Kernels kernels() {
    return kernels;
  }

  /** Whether dropout and the like are active. */
  public boolean training() {
    return training;
  }

  /**
   * Makes the current thread the owner. For pools that keep tapes from task to task: whoever had
   * the tape before must be done with it.
   */
  public void handOver() {
    owner = Thread.currentThread();
  }

  /** Forgets all calls and values; random choices of the next step follow from {@code seed}. */
  public void reset(long seed) {
    requireOwner();
    this.seed = seed;
    calls.clear();
    usedMemory = 0;
    usedSlots = 0;
  }

  /** A value that no gradient flows to: an input. */
  public Variable constant(Tensor value) {
    return new Variable(value, null);
  }

  /** A value whose gradient is wanted although no module made it. */
  public Variable input(Tensor value) {
    return new Variable(value, slot(value));
  }

  /** Runs {@code module} forward on {@code inputs} and pushes the call. */
  public Variable apply(LeafModule module, Variable... inputs) {
    return push(module, null, inputs);
  }

  /** Runs {@code module} forward on integer and other inputs and pushes the call. */
  public Variable apply(LeafModule module, Ids ids, Variable... inputs) {
    return push(module, ids, inputs);
  }

  private Variable push(LeafModule module, @Nullable Ids ids, Variable[] inputs) {
    requireOwner();
    Call call = new Call(this, module, ids, inputs);
    call.setSeed((seed * 0x9E3779B97F4A7C15L) ^ (calls.size() * 0xD1342543DE82EF95L));
    Tensor value = module.forward(call);
    boolean recorded = gradients != null;
    Variable output = new Variable(value, recorded ? slot(value) : null);
    call.finish(output);
    if (recorded) {
      calls.add(call);
    }
    return output;
  }

  /**
   * Sets d loss / d loss to one and pops every call. Afterwards {@link Variable#gradient()} and the
   * gradient vector hold the derivatives of {@code loss}.
   *
   * @param loss a value of one element that this tape computed
   */
  public void backward(Variable loss) {
    requireOwner();
    if (gradients == null) {
      throw new IllegalStateException("an evaluation tape records nothing to run backward");
    }
    GradientSlot lossSlot = loss.slot();
    if (lossSlot == null || loss.value().size() != 1) {
      throw new IllegalArgumentException(
          "backward starts from a computed value of one element, not from " + loss.value());
    }
    lossSlot.claim();
    lossSlot.tensor().fill(1);
    for (int i = calls.size() - 1; i >= 0; i--) {
      Call call = calls.get(i);
      GradientSlot outputSlot = call.outputVariable().slot();
      if (outputSlot != null && outputSlot.written()) {
        call.module().backward(call);
      }
    }
    calls.clear();
  }

  /** The calls on the tape, first first; for explanations. */
  public List<Call> calls() {
    return List.copyOf(calls);
  }

  Tensor value(Parameter parameter) {
    return values.of(parameter);
  }

  Tensor gradient(Parameter parameter) {
    if (gradients == null) {
      throw new IllegalStateException("an evaluation tape has no gradients");
    }
    return gradients.of(parameter);
  }

  /**
   * The next piece of memory: that of the step before when the shape is the same, else a new one.
   */
  Tensor memory(int... shape) {
    if (usedMemory < memory.size()) {
      Tensor before = memory.get(usedMemory);
      if (!before.hasShape(shape)) {
        memory.set(usedMemory, Tensor.zeros(kernels.precision(), shape));
      }
    } else {
      memory.add(Tensor.zeros(kernels.precision(), shape));
    }
    return memory.get(usedMemory++);
  }

  private GradientSlot slot(Tensor value) {
    int[] shape = value.shape();
    if (usedSlots < slots.size()) {
      if (!slots.get(usedSlots).tensor().hasShape(shape)) {
        slots.set(usedSlots, new GradientSlot(Tensor.zeros(kernels.precision(), shape)));
      }
    } else {
      slots.add(new GradientSlot(Tensor.zeros(kernels.precision(), shape)));
    }
    GradientSlot slot = slots.get(usedSlots++);
    slot.clear();
    return slot;
  }

  private void requireOwner() {
    if (Thread.currentThread() != owner) {
      throw new IllegalStateException(
          "a tape belongs to one thread at a time, now to " + owner.getName());
    }
  }
}
