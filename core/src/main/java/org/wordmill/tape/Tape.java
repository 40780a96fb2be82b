package org.wordmill.tape;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
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
 * Values of an earlier step are overwritten then. A step with a {@link StepPlan} takes less,
 * because values that are needed at different times share their places.
 *
 * <p>Source: lecture, module-based automatic differentiation.
 */
public final class Tape {
  private final Kernels kernels;
  private final ParameterVector values;
  private final @Nullable ParameterVector gradients;
  private Thread owner = Thread.currentThread();

  private final List<Call> calls = new ArrayList<>();
  private final StepMemory unplanned;
  private final Recomputation recomputation;
  private StepMemory memory;
  private long seed;
  private long position;
  private boolean recording;
  private final boolean training;
  private @Nullable SequenceCache past;
  private @Nullable TapeWatch watch;

  /**
   * A tape for training: dropout is active, every call is recorded.
   *
   * @param gradients where the gradients of the parameters add up; the caller clears it
   */
  public Tape(Kernels kernels, ParameterVector values, ParameterVector gradients) {
    this(kernels, values, gradients, Recomputation.NONE);
  }

  /**
   * A tape for training that may compute some values twice, to remember less; the memory is saved
   * in steps with a plan.
   */
  public Tape(
      Kernels kernels,
      ParameterVector values,
      ParameterVector gradients,
      Recomputation recomputation) {
    this(kernels, values, gradients, recomputation, new TensorPool(kernels));
  }

  /**
   * @param gradients null for evaluation
   */
  Tape(
      Kernels kernels,
      ParameterVector values,
      @Nullable ParameterVector gradients,
      Recomputation recomputation,
      StepMemory unplanned) {
    this(kernels, values, gradients, recomputation, unplanned, gradients != null);
  }

  private Tape(
      Kernels kernels,
      ParameterVector values,
      @Nullable ParameterVector gradients,
      Recomputation recomputation,
      StepMemory unplanned,
      boolean training) {
    this.training = training;
    this.kernels = kernels;
    this.values = values;
    this.gradients = gradients;
    this.recording = gradients != null;
    this.recomputation = recomputation;
    this.unplanned = unplanned;
    this.memory = unplanned;
  }

  /** A tape for evaluation: dropout is off, nothing is recorded, {@link #backward} is refused. */
  public static Tape forEvaluation(Kernels kernels, ParameterVector values) {
    return new Tape(kernels, values, null, Recomputation.NONE, new TensorPool(kernels));
  }

  /**
   * A tape for derivatives of what evaluation computes: dropout is off, every call is recorded.
   *
   * @param gradients where the gradients of the parameters add up; the caller clears it
   */
  public static Tape recordingEvaluation(
      Kernels kernels, ParameterVector values, ParameterVector gradients) {
    return new Tape(kernels, values, gradients, Recomputation.NONE, new TensorPool(kernels), false);
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

  /** Tells {@code listener} from now on how long calls take. */
  public void watch(TapeWatch listener) {
    watch = listener;
  }

  /** Forgets all calls and values; random choices of the next step follow from {@code seed}. */
  public void reset(long seed) {
    begin(seed, unplanned);
  }

  /**
   * Like {@link #reset(long)}, for a step that follows {@code plan}: it lies in {@code arena}, and
   * a value can be read only as long as the plan needs it. Allocates nothing, once the arena has
   * room.
   *
   * @param plan of a rehearsal with the same kernels, parameters and {@link Recomputation}
   * @param arena where no other step is under way
   */
  public void reset(long seed, StepPlan plan, StepArena arena) {
    begin(seed, arena.place(plan));
  }

  private void begin(long seed, StepMemory memory) {
    requireOwner();
    this.seed = seed;
    this.memory = memory;
    position = 0;
    past = null;
    calls.clear();
    memory.begin();
  }

  /**
   * Like {@link #reset}, but the inputs of this step continue the one sequence that {@code cache}
   * remembers. For evaluation only, because no gradient flows into what a cache holds.
   */
  public void resume(SequenceCache cache) {
    if (gradients != null) {
      throw new IllegalStateException("a tape that records begins every sequence anew");
    }
    reset(0);
    past = cache;
  }

  /** What this step continues; null when it begins. */
  @Nullable SequenceCache past() {
    return past;
  }

  /** A value that no gradient flows to: an input. */
  public Variable constant(Tensor value) {
    return new Variable(value, null);
  }

  /** A value whose gradient is wanted although no module made it. */
  public Variable input(Tensor value) {
    return new Variable(value, new GradientSlot(memory, value.shape(), true));
  }

  /** Runs {@code module} forward on {@code inputs} and pushes the call. */
  public Variable apply(LeafModule module, Variable... inputs) {
    return push(module, null, inputs);
  }

  /** Runs {@code module} forward on integer and other inputs and pushes the call. */
  public Variable apply(LeafModule module, Ids ids, Variable... inputs) {
    return push(module, ids, inputs);
  }

  /**
   * Applies a part of a network that makes one value of one, and that this tape may {@link
   * Recomputation recompute} instead of remembering its inside.
   */
  public Variable block(UnaryOperator<Variable> part, Variable x) {
    return recording && recomputation == Recomputation.BLOCKS
        ? run(new RecomputedBlock(part, position), null, new Variable[] {x})
        : part.apply(x);
  }

  private Variable push(LeafModule module, @Nullable Ids ids, Variable[] inputs) {
    Variable output = run(module, ids, inputs.clone());
    position++;
    return output;
  }

  private Variable run(LeafModule module, @Nullable Ids ids, Variable[] inputs) {
    requireOwner();
    memory.tick();
    for (Variable input : inputs) {
      memory.use(input.value());
    }
    Call call = new Call(this, module, ids, inputs);
    call.setSeed((seed * 0x9E3779B97F4A7C15L) ^ (position * 0xD1342543DE82EF95L));
    long begin = watch == null ? 0 : System.nanoTime();
    Tensor value = module.forward(call);
    if (watch != null && !(module instanceof RecomputedBlock)) {
      watch.forward(module, System.nanoTime() - begin);
    }
    memory.use(value);
    Variable output;
    if (recording) {
      output = new Variable(value, new GradientSlot(memory, value.shape(), false));
      calls.add(call);
    } else {
      output = new Variable(value, null);
      call.releaseKept();
    }
    call.finish(output);
    return output;
  }

  /** The value of a part, of which no record stays. */
  Variable runUnrecorded(UnaryOperator<Variable> part, Variable x) {
    boolean before = recording;
    recording = false;
    try {
      return part.apply(x);
    } finally {
      recording = before;
    }
  }

  /**
   * Runs a part again as it ran from {@code first} on, and then its backward.
   *
   * @param gradient of the value of the part, which is used up
   */
  void runAgain(UnaryOperator<Variable> part, Variable x, long first, GradientSlot gradient) {
    int before = calls.size();
    long next = position;
    position = first;
    GradientSlot slot = part.apply(x).slot();
    position = next;
    if (slot != null) {
      if (!slot.adopt(gradient)) {
        kernels.copy(gradient.tensor(), slot.tensor(), slot.claim());
      }
      popTo(before);
    }
  }

  /**
   * Sets d loss / d loss to one and pops every call. Afterwards the gradient vector holds the
   * derivatives of {@code loss}, and {@link Variable#gradient()} of each {@link #input} too; the
   * gradients of values in between are gone, their memory is used again.
   *
   * @param loss a value of one element that this tape computed
   */
  public void backward(Variable loss) {
    backward(loss, call -> {});
  }

  /**
   * Like {@link #backward(Variable)}, for explanations.
   *
   * @param popped hears of each call that the loss depends on, when the gradient of its output is
   *     complete and its backward has not yet run
   */
  public void backward(Variable loss, Consumer<Call> popped) {
    requireOwner();
    memory.tick();
    if (loss.value().size() != 1) {
      throw new IllegalArgumentException(
          "backward starts from a value of one element, not from " + loss.value());
    }
    GradientSlot slot = start(loss);
    slot.claim();
    slot.tensor().fill(1);
    popTo(0, popped);
  }

  /**
   * Like {@link #backward(Variable)} for a value of any size: afterwards gradients are those of the
   * sum of the products of the elements of {@code value} and {@code weights}.
   */
  public void backward(Variable value, Tensor weights) {
    requireOwner();
    memory.tick();
    GradientSlot slot = start(value);
    slot.claim();
    slot.tensor().copyFrom(weights);
    popTo(0);
  }

  private GradientSlot start(Variable value) {
    if (gradients == null) {
      throw new IllegalStateException("an evaluation tape records nothing to run backward");
    }
    GradientSlot slot = value.slot();
    if (slot == null || slot.written()) {
      throw new IllegalArgumentException(
          "backward starts from a value that this tape computed, once: " + value.value());
    }
    return slot;
  }

  /** Runs the backward of all calls but the first {@code remaining}, the last one first. */
  private void popTo(int remaining) {
    popTo(remaining, call -> {});
  }

  private void popTo(int remaining, Consumer<Call> popped) {
    while (calls.size() > remaining) {
      Call call = calls.remove(calls.size() - 1);
      GradientSlot output = call.outputSlot();
      memory.tick();
      if (output.written()) {
        popped.accept(call);
        runBackward(call);
      }
      output.release();
    }
  }

  private void runBackward(Call call) {
    long begin = watch == null ? 0 : System.nanoTime();
    call.runBackward(memory);
    if (watch != null && !(call.module() instanceof RecomputedBlock)) {
      watch.backward(call.module(), System.nanoTime() - begin);
    }
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

  /** Memory with arbitrary contents, until the next {@link #reset}. */
  Tensor memory(int... shape) {
    return memory.take(shape);
  }

  void release(Tensor lent) {
    memory.release(lent);
  }

  /** Bytes where the values and gradients of the step lie; constant once training is under way. */
  public long memoryBytes() {
    return memory.bytes();
  }

  private void requireOwner() {
    if (Thread.currentThread() != owner) {
      throw new IllegalStateException(
          "a tape belongs to one thread at a time, now to " + owner.getName());
    }
  }
}
