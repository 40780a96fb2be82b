package org.wordmill.trainer;

import java.io.Serializable;
import org.wordmill.train.VectorBlocks;

/**
 * How the sum of flat vectors is shared out to tasks, and cut into slices of whole blocks, as
 * {@link VectorBlocks} has them. Sums are taken element by element, and squares block by block, so
 * neither number changes a bit, and both may follow from the cluster.
 *
 * @param elements of the vector
 * @param slice elements of a slice, but for the last one
 * @param perTask slices that a task adds up, but for the last one
 */
record Slicing(int elements, int slice, int perTask) implements Serializable {
  /** Slices of a task at most: 32 MiB of sums. */
  private static final int MOST = 8;

  /** Elements, of all addends together, for which a task of its own is worth while: 8 MiB. */
  private static final int FEWEST = 1 << 21;

  /**
   * The slices for a cluster.
   *
   * @param addends vectors that are added up
   * @param slots tasks that run at once
   */
  static Slicing of(long elements, int addends, int slots) {
    long least = ceiling(elements, (long) MOST * KeptVector.SLICE);
    long worthWhile = Math.min(slots, ceiling(addends * elements, FEWEST));
    return forTasks(Math.toIntExact(elements), Math.toIntExact(Math.max(least, worthWhile)));
  }

  /** For about as many tasks, and not more; a task has one block at least. */
  static Slicing forTasks(int elements, int tasks) {
    long blocks = ceiling(elements, VectorBlocks.SIZE);
    long share = ceiling(blocks, tasks);
    int perTask = (int) ceiling(share, KeptVector.SLICE / VectorBlocks.SIZE);
    return new Slicing(elements, (int) ceiling(share, perTask) * VectorBlocks.SIZE, perTask);
  }

  private static long ceiling(long dividend, long divisor) {
    return (dividend + divisor - 1) / divisor;
  }

  /** The number of tasks. */
  int tasks() {
    return (int) ceiling(slices(), perTask);
  }

  private int slices() {
    return (int) ceiling(elements, slice);
  }

  /** The first slice of a task, or for the number of tasks, the number of slices. */
  int first(int task) {
    return Math.min(slices(), task * perTask);
  }
}
