package org.wordmill.kernel;

/**
 * One contiguous stretch of numbers that tensors are views of, on the host or on a device. The
 * elements are reached from Java in bulk only, and always as of the end of the kernels that were
 * called before. Offsets and sizes count elements; callers have checked them.
 */
public interface Memory {

  Precision precision();

  /** The number of elements. */
  long size();

  /** Copies elements out, for {@link Precision#FLOAT}. */
  void read(long offset, float[] into);

  /** Copies elements out, for {@link Precision#DOUBLE}. */
  void read(long offset, double[] into);

  /** Copies elements in, for {@link Precision#FLOAT}. */
  void write(long offset, float[] from);

  /** Copies elements in, for {@link Precision#DOUBLE}. */
  void write(long offset, double[] from);

  /** Sets elements to one value. */
  void fill(long offset, long count, double value);

  /**
   * Copies elements of the same precision within one kind of memory, without a way through Java's.
   *
   * @return false, with nothing done, if {@code source} is of another kind or precision
   */
  boolean copy(long offset, Memory source, long sourceOffset, long count);
}
