package org.wordmill.tape;

import org.wordmill.kernel.Tensor;

/**
 * Where the gradient of one value gathers during a backward pass. The first module to contribute
 * overwrites, so that the slot need not be cleared beforehand; later ones add.
 */
public final class GradientSlot {
  private final Tensor tensor;
  private boolean written;

  GradientSlot(Tensor tensor) {
    this.tensor = tensor;
  }

  public Tensor tensor() {
    return tensor;
  }

  /** Announces one contribution, and says whether it has to add (true) or to overwrite (false). */
  public boolean claim() {
    boolean add = written;
    written = true;
    return add;
  }

  boolean written() {
    return written;
  }

  void clear() {
    written = false;
  }
}
