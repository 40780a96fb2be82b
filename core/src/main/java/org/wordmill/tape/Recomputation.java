package org.wordmill.tape;

/** What a tape computes a second time in the backward pass instead of remembering it. */
public enum Recomputation {
  /** Nothing: every value that a backward needs is kept. */
  NONE,
  /**
   * The inside of every {@link Tape#block}: only its input is kept, which takes less memory and
   * about a third more time. The numbers are the same, bit for bit.
   *
   * <p>Source: Chen et al., Training deep nets with sublinear memory cost, 2016.
   */
  BLOCKS
}
