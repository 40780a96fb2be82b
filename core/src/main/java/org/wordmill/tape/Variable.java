package org.wordmill.tape;

import org.jspecify.annotations.Nullable;
import org.wordmill.kernel.Tensor;

/** A value on a tape, with the place where its gradient gathers; a constant has no such place. */
public final class Variable {
  private final Tensor value;
  private final @Nullable GradientSlot gradient;

  Variable(Tensor value, @Nullable GradientSlot gradient) {
    this.value = value;
    this.gradient = gradient;
  }

  public Tensor value() {
    return value;
  }

  public boolean needsGradient() {
    return gradient != null;
  }

  /** The slot of the gradient; null for a constant. */
  @Nullable GradientSlot slot() {
    return gradient;
  }

  /** d loss / d value, after {@link Tape#backward(Variable)}, for inputs of the tape. */
  public Tensor gradient() {
    if (gradient == null || !gradient.written()) {
      throw new IllegalStateException("no gradient has reached this value " + value);
    }
    return gradient.tensor();
  }
}
