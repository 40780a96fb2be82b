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
  private final TensorPool pool;
  private long seed;
  private final boolean training;
  private @Nullable SequenceCache past;

  /**
   * A tape for training: dropout is active, every call is recorded.
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
    this.pool = new TensorPool(kernels);
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
    past = null;
    calls.clear();
    pool.releaseAll();
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
    return new Variable(value, new GradientSlot(pool, value.shape()));
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
    Call call = new Call(this, module, ids, inputs.clone());
    call.setSeed((seed * 0x9E3779B97F4A7C15L) ^ (calls.size() * 0xD1342543DE82EF95L));
    Tensor value = module.forward(call);
    Variable output;
    if (gradients == null) {
      output = new Variable(value, null);
      call.releaseKept();
    } else {
      output = new Variable(value, new GradientSlot(pool, value.shape()));
      calls.add(call);
    }
    call.finish(output);
    return output;
  }

  /**
   * Sets d loss / d loss to one and pops every call. Afterwards the gradient vector holds the
   * derivatives of {@code loss}, and {@link Variable#gradient()} of each {@link #input} too; the
   * gradients of values in between are gone, their memory is used again.
   *
   * @param loss a value of one element that this tape computed
   */
  public void backward(Variable loss) {
    requireOwner();
    if (loss.value().size() != 1) {
      throw new IllegalArgumentException(
          "backward starts from a value of one element, not from " + loss.value());
    }
    GradientSlot slot = start(loss);
    slot.claim();
    slot.tensor().fill(1);
    popAll();
  }

  /**
   * Like {@link #backward(Variable)} for a value of any size: afterwards gradients are those of the
   * sum of the products of the elements of {@code value} and {@code weights}.
   */
  public void backward(Variable value, Tensor weights) {
    requireOwner();
    GradientSlot slot = start(value);
    slot.claim();
    slot.tensor().copyFrom(weights);
    popAll();
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

  private void popAll() {
    for (int i = calls.size() - 1; i >= 0; i--) {
      Call call = calls.get(i);
      GradientSlot output = call.outputSlot();
      if (output.written()) {
        call.module().backward(call);
      }
      output.release();
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

  /** Memory with arbitrary contents, until the next {@link #reset}. */
  Tensor memory(int... shape) {
    return pool.take(shape);
  }

  void release(Tensor memory) {
    pool.release(memory);
  }

  /** Bytes of values and gradients that this tape holds; constant once training is under way. */
  public long memoryBytes() {
    return pool.bytes();
  }

  private void requireOwner() {
    if (Thread.currentThread() != owner) {
      throw new IllegalStateException(
          "a tape belongs to one thread at a time, now to " + owner.getName());
    }
  }
}
