package org.wordmill.tape;

/**
 * Hears how long the calls of a tape take, for profiles of a step. Blocks that are {@link
 * Recomputation recomputed} are heard call by call, each as often as it runs.
 */
public interface TapeWatch {

  /** A call ran forward. */
  void forward(LeafModule module, long nanoseconds);

  /** A call was popped, and ran backward. */
  void backward(LeafModule module, long nanoseconds);
}
