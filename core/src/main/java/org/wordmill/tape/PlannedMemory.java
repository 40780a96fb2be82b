package org.wordmill.tape;

import org.jspecify.annotations.Nullable;
import org.wordmill.kernel.Tensor;

/** The memory of steps that follow a plan: the n-th request gets the n-th place. */
final class PlannedMemory implements StepMemory {
  private final Placement placement;
  private final Tensor arena;
  private final @Nullable Tensor[] tensors;
  private int next;

  PlannedMemory(Placement placement, Tensor arena) {
    this.placement = placement;
    this.arena = arena;
    this.tensors = new Tensor[placement.sizes().length];
  }

  @Override
  public Tensor take(int... shape) {
    if (next == tensors.length) {
      throw differs("wants more than the " + next + " tensors");
    }
    Tensor tensor = tensors[next];
    if (tensor == null || !tensor.hasShape(shape)) {
      tensor = arena.view(placement.offsets()[next], shape);
      if (tensor.size() != placement.sizes()[next]) {
        throw differs(
            "wants " + tensor + " where there were " + placement.sizes()[next] + " numbers");
      }
      tensors[next] = tensor;
    }
    next++;
    return tensor;
  }

  private static IllegalStateException differs(String how) {
    return new IllegalStateException(
        "this step "
            + how
            + " of its rehearsal; which modules are applied must follow from shapes alone");
  }

  /** Nothing: the plan knows. */
  @Override
  public void release(Tensor tensor) {}

  @Override
  public void begin() {
    next = 0;
  }

  @Override
  public long bytes() {
    return arena.size() * arena.precision().bytes();
  }
}
