package org.wordmill.kernel;

import java.util.Arrays;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;

/**
 * A dense array of floats or doubles in ND4J memory, row-major and contiguous; a view shares the
 * memory of the tensor it was cut from.
 *
 * <p>Most kernels see a tensor as a matrix of {@link #rows()} rows (the product of all dimensions
 * but the last) by {@link #columns()} (the last dimension). Outside this package elements are moved
 * only in bulk, because on an accelerator they live elsewhere.
 */
public final class Tensor {
  private final INDArray flat;
  private final int[] shape;
  private final Precision precision;
  private final int rows;
  private final int columns;

  private Tensor(INDArray flat, Precision precision, int[] shape) {
    this.flat = flat;
    this.precision = precision;
    this.shape = shape;
    this.columns = shape.length == 0 ? 1 : shape[shape.length - 1];
    this.rows = Math.toIntExact(size(shape) / Math.max(1, columns));
  }

  /** A new tensor of zeros. */
  public static Tensor zeros(Precision precision, int... shape) {
    return new Tensor(Nd4j.zeros(precision.dataType(), size(shape)), precision, shape.clone());
  }

  /** A new vector of zeros that may be longer than an int counts. */
  public static Tensor zeroVector(Precision precision, long size) {
    return new Tensor(
        Nd4j.zeros(precision.dataType(), size), precision, new int[] {Math.toIntExact(size)});
  }

  /** A new float tensor with the values of {@code values}, row by row. */
  public static Tensor of(float[] values, int... shape) {
    Tensor tensor = zeros(Precision.FLOAT, shape);
    tensor.copyFrom(values);
    return tensor;
  }

  /** A new double tensor with the values of {@code values}, row by row. */
  public static Tensor of(double[] values, int... shape) {
    Tensor tensor = zeros(Precision.DOUBLE, shape);
    tensor.copyFrom(values);
    return tensor;
  }

  /** A view of {@code size(shape)} elements from {@code offset} on, seen in {@code shape}. */
  public Tensor view(long offset, int... shape) {
    long size = size(shape);
    if (offset < 0 || offset + size > size()) {
      throw new IndexOutOfBoundsException(
          "a view of " + size + " elements at " + offset + " in a tensor of " + size());
    }
    INDArray part = size == size() ? flat : flat.get(NDArrayIndex.interval(offset, offset + size));
    return new Tensor(part, precision, shape.clone());
  }

  /** The same elements in another shape. */
  public Tensor reshape(int... shape) {
    return view(0, shape);
  }

  public Precision precision() {
    return precision;
  }

  public int[] shape() {
    return shape.clone();
  }

  public boolean hasShape(int... other) {
    return Arrays.equals(shape, other);
  }

  public int rank() {
    return shape.length;
  }

  /** The extent of one dimension; negative counts from the last. */
  public int dimension(int axis) {
    return shape[axis < 0 ? shape.length + axis : axis];
  }

  /** The product of all dimensions but the last. */
  public int rows() {
    return rows;
  }

  /** The last dimension. */
  public int columns() {
    return columns;
  }

  /** The number of elements. */
  public long size() {
    return flat.length();
  }

  /** Copies all elements in; {@code values.length} must be {@link #size()}. */
  public void copyFrom(float[] values) {
    requireLength(values.length);
    flat.assign(Nd4j.createFromArray(values));
  }

  /** Copies all elements in; {@code values.length} must be {@link #size()}. */
  public void copyFrom(double[] values) {
    requireLength(values.length);
    flat.assign(Nd4j.createFromArray(values));
  }

  /** Copies all elements of a tensor of the same size, converting the precision. */
  public void copyFrom(Tensor other) {
    requireLength(other.size());
    flat.assign(other.flat);
  }

  /** The elements as floats, row by row, in a new array. */
  public float[] toFloats() {
    return flat.castTo(DataType.FLOAT).dup().data().asFloat();
  }

  /** The elements as doubles, row by row, in a new array. */
  public double[] toDoubles() {
    return flat.castTo(DataType.DOUBLE).dup().data().asDouble();
  }

  /** Sets all elements. */
  public void fill(double value) {
    flat.assign(value);
  }

  /** The elements as one ND4J vector, for the kernels of this package. */
  INDArray vector() {
    return flat;
  }

  /** The elements as an ND4J matrix of {@link #rows()} x {@link #columns()}. */
  INDArray matrix() {
    return flat.reshape(rows, columns);
  }

  @Override
  public String toString() {
    return precision + Arrays.toString(shape);
  }

  static long size(int[] shape) {
    long size = 1;
    for (int extent : shape) {
      if (extent < 1) {
        throw new IllegalArgumentException(
            "every dimension must be at least 1, got " + Arrays.toString(shape));
      }
      size *= extent;
    }
    return size;
  }

  private void requireLength(long length) {
    if (length != size()) {
      throw new IllegalArgumentException(
          length + " values do not fill a tensor of shape " + Arrays.toString(shape));
    }
  }
}
