package org.wordmill.trainer;

import org.wordmill.train.VectorBlocks;

/**
 * Which worker of a team computes which partitions, and which blocks of the flat vector it owns:
 * their gradients are added up, their optimizer's state is kept, and they are updated by it. Both
 * are consecutive, in the order of the workers; a worker of a small model may own nothing.
 *
 * @param workers at most as many as partitions
 * @param size of the flat vector
 */
record DirectShares(int workers, int partitions, long size) {

  private int blocks() {
    return (int) ((size + VectorBlocks.SIZE - 1) / VectorBlocks.SIZE);
  }

  /** The first partition of a worker; that of {@code workers} is the end of the last. */
  int firstPartition(int worker) {
    return (int) ((long) partitions * worker / workers);
  }

  /** How many partitions a worker has. */
  int partitionsOf(int worker) {
    return firstPartition(worker + 1) - firstPartition(worker);
  }

  /** The first block of a worker; that of {@code workers} is the end of the last. */
  int firstBlock(int worker) {
    return (int) ((long) blocks() * worker / workers);
  }

  /** How many blocks a worker owns. */
  int blocksOf(int worker) {
    return firstBlock(worker + 1) - firstBlock(worker);
  }

  /** The first element of a worker's slice; that of {@code workers} is the end of the last. */
  long from(int worker) {
    return Math.min(size, (long) firstBlock(worker) * VectorBlocks.SIZE);
  }

  /** How many elements a worker owns. */
  int elementsOf(int worker) {
    return Math.toIntExact(from(worker + 1) - from(worker));
  }
}
