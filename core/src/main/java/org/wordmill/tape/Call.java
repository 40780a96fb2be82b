package org.wordmill.tape;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.wordmill.kernel.Ids;
import org.wordmill.kernel.Kernels;
import org.wordmill.kernel.Tensor;

/**
 * The record of one application of a leaf module, which is what the tape pushes: the module, its
 * inputs, its output, and whatever forward kept for backward. Because it records the call and not
 * the module, a module that is applied twice (a recurrent network over time, a tied embedding) has
 * two records.
 */
public final class Call {
  private final Tape tape;
  private final LeafModule module;
  private final @Nullable Ids ids;
  private final Variable[] inputs;
  private final List<Tensor> kept = new ArrayList<>(2);
  private long seed;
  private @Nullable Variable output;
  private boolean backward;

  Call(Tape tape, LeafModule module, @Nullable Ids ids, Variable[] inputs) {
    this.tape = tape;
    this.module = module;
    this.ids = ids;
    this.inputs = inputs;
  }

  public LeafModule module() {
    return module;
  }

  public Kernels kernels() {
    return tape.kernels();
  }

  /** Whether dropout and the like are active. */
  public boolean training() {
    return tape.training();
  }

  /** Whether the inputs continue a sequence whose earlier positions are in {@link #past}. */
  public boolean continues() {
    return tape.past() != null;
  }

  /** What is remembered of the positions before the inputs; ask {@link #continues} first. */
  public SequenceCache past() {
    SequenceCache past = tape.past();
    if (past == null) {
      throw new IllegalStateException("the inputs of " + module + " begin a sequence");
    }
    return past;
  }

  /** The integer input of this call. */
  public Ids ids() {
    if (ids == null) {
      throw new IllegalStateException(module + " was applied without ids");
    }
    return ids;
  }

  /** The number of tensors this call was given, for modules with optional ones. */
  public int inputCount() {
    return inputs.length;
  }

  /** Whether this call has an integer input. */
  public boolean hasIds() {
    return ids != null;
  }

  /**
   * The value of input {@code i}; in backward only if the module says that {@link
   * LeafModule#backwardReadsInput it reads it}.
   */
  public Tensor input(int i) {
    if (backward && !module.backwardReadsInput(i)) {
      throw new IllegalStateException(module + " has said that it does not read input " + i);
    }
    return inputs[i].value();
  }

  public boolean needsGradient(int i) {
    return inputs[i].needsGradient();
  }

  /** Where the gradient of input {@code i} gathers; ask {@link #needsGradient} first. */
  public GradientSlot inputGradient(int i) {
    GradientSlot slot = inputs[i].slot();
    if (slot == null) {
      throw new IllegalStateException("input " + i + " of " + module + " is a constant");
    }
    return slot;
  }

  /** The value of a parameter. */
  public Tensor value(Parameter parameter) {
    return tape.value(parameter);
  }

  /** The gradient of a parameter, to add to. */
  public Tensor gradient(Parameter parameter) {
    return tape.gradient(parameter);
  }

  /** Memory for this call's output; its contents are arbitrary until written. */
  public Tensor output(int... shape) {
    return tape.memory(shape);
  }

  /**
   * Memory that forward fills and backward reads with {@link #kept}; its contents are arbitrary
   * until written.
   */
  public Tensor keep(int... shape) {
    Tensor tensor = tape.memory(shape);
    kept.add(tensor);
    return tensor;
  }

  /** The {@code i}-th tensor that forward kept. */
  public Tensor kept(int i) {
    return kept.get(i);
  }

  /**
   * A seed for this call's random choices: a function of the tape's seed and the position on the
   * tape.
   */
  public long seed() {
    return seed;
  }

  /**
   * The output that forward returned; in backward only if the module says that {@link
   * LeafModule#backwardReadsOutput it reads it}.
   */
  public Tensor outputValue() {
    if (backward && !module.backwardReadsOutput()) {
      throw new IllegalStateException(module + " has said that it does not read its output");
    }
    return outputVariable().value();
  }

  /** d loss / d output. */
  public Tensor outputGradient() {
    return outputVariable().gradient();
  }

  /** Adds the output's gradient, unchanged, to that of input {@code i}. */
  public void addGradient(int i) {
    GradientSlot slot = inputGradient(i);
    kernels().copy(outputGradient(), slot.tensor(), slot.claim());
  }

  /**
   * Like {@link #addGradient}, but where it is the first contribution the memory is handed on
   * instead of copied, after which {@link #outputGradient} is gone: for the last of the inputs.
   */
  public void handOnGradient(int i) {
    if (!inputGradient(i).adopt(outputSlot())) {
      addGradient(i);
    }
  }

  Tape tape() {
    return tape;
  }

  Variable inputVariable(int i) {
    return inputs[i];
  }

  /** Runs the module's backward, telling {@code memory} what it reads and writes. */
  void runBackward(StepMemory memory) {
    backward = true;
    for (int i = 0; i < inputs.length; i++) {
      if (module.backwardReadsInput(i)) {
        memory.use(inputs[i].value());
      }
    }
    if (module.backwardReadsOutput()) {
      memory.use(outputVariable().value());
    }
    for (int i = 0; i < kept.size(); i++) {
      memory.use(kept.get(i));
    }
    memory.use(outputGradient());
    module.backward(this);
    for (Variable input : inputs) {
      GradientSlot slot = input.slot();
      if (slot != null) {
        slot.use();
      }
    }
  }

  GradientSlot outputSlot() {
    GradientSlot slot = outputVariable().slot();
    if (slot == null) {
      throw new IllegalStateException(module + " was not recorded");
    }
    return slot;
  }

  /** Gives back what forward kept, when no backward will follow. */
  void releaseKept() {
    kept.forEach(tape::release);
    kept.clear();
  }

  Variable outputVariable() {
    if (output == null) {
      throw new IllegalStateException(module + " has no output yet");
    }
    return output;
  }

  void finish(Variable output) {
    this.output = output;
  }

  void setSeed(long seed) {
    this.seed = seed;
  }
}
