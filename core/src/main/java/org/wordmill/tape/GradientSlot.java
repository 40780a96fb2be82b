package org.wordmill.tape;

import org.jspecify.annotations.Nullable;
import org.wordmill.kernel.Tensor;

/**
 * Where the gradient of one value gathers during a backward pass. The first module to contribute
 * overwrites, so that the slot need not be cleared beforehand; later ones add. Memory is taken when
 * the first contribution comes.
 */
public final class GradientSlot {
  private final StepMemory memory;
  private final boolean lasting;
  private final int[] shape;
  private @Nullable Tensor tensor;
  private boolean pooled;
  private boolean written;
  private boolean gone;

  /**
   * @param lasting whether the gradient is read after the step, as those of inputs are
   */
  GradientSlot(StepMemory memory, int[] shape, boolean lasting) {
    this.memory = memory;
    this.shape = shape;
    this.lasting = lasting;
  }

  public Tensor tensor() {
    if (gone) {
      throw new IllegalStateException("this gradient is gone: its memory was handed on");
    }
    Tensor known = tensor;
    if (known == null) {
      known = memory.take(shape);
      tensor = known;
      pooled = true;
    }
    return known;
  }

  /** Announces one contribution, and says whether it has to add (true) or to overwrite (false). */
  public boolean claim() {
    boolean add = written;
    written = true;
    return add;
  }

  /**
   * Makes {@code contribution} this gradient without copying it, if it is the first; the caller has
   * no more use for that memory.
   *
   * @return false if there is a gradient already, to which the caller has to add
   */
  public boolean adopt(Tensor contribution) {
    if (written || tensor != null) {
      return false;
    }
    tensor = contribution;
    written = true;
    return true;
  }

  /** Like {@link #adopt} with the gradient of another value that is complete and used up. */
  boolean adopt(GradientSlot other) {
    if (other.gone || !adopt(other.tensor())) {
      return false;
    }
    pooled = other.pooled;
    other.gone = true;
    return true;
  }

  /** Tells the memory that the running call reads or writes this gradient. */
  void use() {
    if (tensor != null && !gone) {
      if (lasting) {
        memory.keep(tensor);
      } else {
        memory.use(tensor);
      }
    }
  }

  boolean written() {
    return written;
  }

  /** Gives the memory back when nobody needs this gradient any more. */
  void release() {
    if (pooled && !gone && tensor != null) {
      memory.release(tensor);
    }
    gone = true;
  }
}
