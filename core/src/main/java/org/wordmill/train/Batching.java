package org.wordmill.train;

import java.io.Serializable;

/**
 * How one global batch is divided: into micro-batches, each one pass of the tape, and these into
 * partitions, each one task.
 *
 * <p>Micro-batches are cut at fixed places of the global batch, so which sequences share one does
 * not depend on the number of partitions; the sum of gradients then differs between numbers of
 * partitions by rounding alone, dropout included.
 *
 * @param sequences B, sequences of one step, all partitions together
 * @param microBatch sequences of one pass of the tape; divides {@code sequences}
 * @param partitions the data-parallel degree, chosen and never derived from the number of cores; at
 *     most the number of micro-batches
 */
public record Batching(int sequences, int microBatch, int partitions) implements Serializable {

  public Batching {
    if (sequences < 1 || partitions < 1 || microBatch < 1) {
      throw new IllegalArgumentException(
          "batch, micro-batch and partitions must be at least 1, got "
              + sequences
              + ", "
              + microBatch
              + " and "
              + partitions);
    }
    if (sequences % microBatch != 0) {
      throw new IllegalArgumentException(
          "a batch of "
              + sequences
              + " sequences cannot be cut into micro-batches of "
              + microBatch);
    }
    if (sequences / microBatch < partitions) {
      throw new IllegalArgumentException(
          "a batch of "
              + sequences / microBatch
              + " micro-batches does not fill "
              + partitions
              + " partitions; take smaller micro-batches or fewer partitions");
    }
  }

  /**
   * With the largest micro-batch that gives every partition the same number of them, or, where none
   * does, at least one.
   */
  public static Batching of(int sequences, int partitions) {
    int fallback = 1;
    for (int size = sequences; size >= 1 && sequences >= 1; size--) {
      if (sequences % size == 0 && sequences / size >= partitions) {
        if (partitions < 1 || sequences / size % partitions == 0) {
          return new Batching(sequences, size, partitions);
        }
        fallback = Math.max(fallback, size);
      }
    }
    return new Batching(sequences, fallback, partitions);
  }

  /** Micro-batches of one step. */
  public int microBatches() {
    return sequences / microBatch;
  }

  /** The first micro-batch of a partition; that of {@code partitions} is the end of the last. */
  public int firstMicroBatch(int partition) {
    return (int) ((long) microBatches() * partition / partitions);
  }
}
