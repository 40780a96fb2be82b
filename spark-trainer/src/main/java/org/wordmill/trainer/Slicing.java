package org.wordmill.trainer;

import org.apache.spark.Partitioner;
import org.wordmill.kernel.Tensor;

/**
 * How a flat vector is cut into slices, each of which one reduce task adds up. Sums are taken
 * element by element, so the number of slices changes no bit, and may follow from the cluster.
 */
final class Slicing extends Partitioner {
  private static final long serialVersionUID = 1L;

  /** Elements of a slice at most, unless that made more than {@link #MOST} of them: 16 MiB. */
  private static final int LONGEST = 1 << 22;

  /** Elements for which a task of its own is worth while. */
  private static final int SHORTEST = 1 << 20;

  /** From 200 on Spark sorts what it shuffles, instead of writing a file for each reducer. */
  private static final int MOST = 199;

  private final int elements;
  private final int count;

  /**
   * @param elements of the vector
   * @param count of slices
   */
  Slicing(int elements, int count) {
    if (count < 1 || count > elements) {
      throw new IllegalArgumentException(elements + " elements do not fill " + count + " slices");
    }
    this.elements = elements;
    this.count = count;
  }

  /**
   * The slices for a cluster.
   *
   * @param slots tasks that run at once
   */
  static Slicing of(long elements, int slots) {
    long least = (elements + LONGEST - 1) / LONGEST;
    long worthWhile = Math.min(slots, (elements + SHORTEST - 1) / SHORTEST);
    return new Slicing(
        Math.toIntExact(elements), (int) Math.min(MOST, Math.max(least, worthWhile)));
  }

  int count() {
    return count;
  }

  /** The slice of a vector. */
  Tensor of(Tensor flat, int slice) {
    int from = from(slice);
    return flat.view(from, from(slice + 1) - from);
  }

  private int from(int slice) {
    return (int) ((long) elements * slice / count);
  }

  @Override
  public int numPartitions() {
    return count;
  }

  @Override
  public int getPartition(Object slice) {
    return (Integer) slice;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Slicing slicing
        && slicing.elements == elements
        && slicing.count == count;
  }

  @Override
  public int hashCode() {
    return 31 * elements + count;
  }
}
