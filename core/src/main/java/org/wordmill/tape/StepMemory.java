package org.wordmill.tape;

import org.wordmill.kernel.Tensor;

/** Where a tape finds the memory for the values and gradients of a step. */
interface StepMemory {

  /** A tensor with arbitrary contents, until it is released or the next step begins. */
  Tensor take(int... shape);

  /** Takes a lent tensor back before the step ends. */
  void release(Tensor tensor);

  /** Takes everything back: a new step begins. */
  void begin();

  /** Bytes held, lent or not. */
  long bytes();

  /** The next call, forward or backward, begins. */
  default void tick() {}

  /** The running call reads or writes {@code tensor}. */
  default void use(Tensor tensor) {}

  /** Somebody reads {@code tensor} after the step. */
  default void keep(Tensor tensor) {}
}
