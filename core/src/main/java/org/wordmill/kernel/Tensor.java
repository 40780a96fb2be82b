package org.wordmill.kernel;

import java.nio.ByteBuffer;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;
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
  static {
    NativeRuntime.prepare();
  }

  private final INDArray storage;
  private final long offset;
  private final long size;
  private final int[] shape;
  private final Precision precision;
  private final int rows;
  private final int columns;

  // What follows is derived on first use: the portable kernels never need addresses, the fused
  // ones never need ND4J's views. Tensors of parameters are shared by threads, hence volatile.
  private volatile @Nullable INDArray flat;
  private volatile @Nullable ByteBuffer bytes;
  private volatile long address;

  private Tensor(INDArray storage, long offset, Precision precision, int[] shape) {
    this.storage = storage;
    this.offset = offset;
    this.size = size(shape);
    this.precision = precision;
    this.shape = shape;
    this.columns = shape.length == 0 ? 1 : shape[shape.length - 1];
    this.rows = Math.toIntExact(size / columns);
  }

  /** A new tensor of zeros. */
  public static Tensor zeros(Precision precision, int... shape) {
    return new Tensor(Nd4j.zeros(precision.dataType(), size(shape)), 0, precision, shape.clone());
  }

  /** A new vector of zeros. */
  public static Tensor zeroVector(Precision precision, long size) {
    return zeros(precision, Math.toIntExact(size));
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
    long extent = size(shape);
    if (offset < 0 || offset + extent > size) {
      throw new IndexOutOfBoundsException(
          "a view of " + extent + " elements at " + offset + " in a tensor of " + size);
    }
    return new Tensor(storage, this.offset + offset, precision, shape.clone());
  }

  /** The same elements in another shape. */
  public Tensor reshape(int... shape) {
    if (size(shape) != size) {
      throw new IllegalArgumentException(this + " has not the size of " + Arrays.toString(shape));
    }
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
    return size;
  }

  /** Copies all elements in; {@code values.length} must be {@link #size()}. */
  public void copyFrom(float[] values) {
    requireLength(values.length);
    if (precision == Precision.FLOAT) {
      HostMemory.write(storage, offset, values);
    } else {
      double[] widened = new double[values.length];
      for (int i = 0; i < values.length; i++) {
        widened[i] = values[i];
      }
      HostMemory.write(storage, offset, widened);
    }
  }

  /** Copies all elements in; {@code values.length} must be {@link #size()}. */
  public void copyFrom(double[] values) {
    requireLength(values.length);
    if (precision == Precision.DOUBLE) {
      HostMemory.write(storage, offset, values);
    } else {
      HostMemory.write(storage, offset, narrowed(values));
    }
  }

  /** Copies all elements of a tensor of the same size, converting the precision. */
  public void copyFrom(Tensor other) {
    requireLength(other.size);
    vector().assign(other.vector());
  }

  /** Copies all elements out, row by row; {@code values.length} must be {@link #size()}. */
  public void copyTo(float[] values) {
    requireLength(values.length);
    if (precision == Precision.FLOAT) {
      HostMemory.read(storage, offset, values);
    } else {
      System.arraycopy(narrowed(toDoubles()), 0, values, 0, values.length);
    }
  }

  /** The elements as floats, row by row, in a new array. */
  public float[] toFloats() {
    float[] values = new float[Math.toIntExact(size)];
    copyTo(values);
    return values;
  }

  /** The elements as doubles, row by row, in a new array. */
  public double[] toDoubles() {
    double[] values = new double[Math.toIntExact(size)];
    if (precision == Precision.DOUBLE) {
      HostMemory.read(storage, offset, values);
    } else {
      float[] floats = toFloats();
      for (int i = 0; i < values.length; i++) {
        values[i] = floats[i];
      }
    }
    return values;
  }

  /** Sets all elements. */
  public void fill(double value) {
    vector().assign(value);
  }

  /** The elements as one ND4J vector, for the kernels of this package. */
  INDArray vector() {
    INDArray vector = flat;
    if (vector == null) {
      vector =
          size == storage.length()
              ? storage
              : storage.get(NDArrayIndex.interval(offset, offset + size));
      flat = vector;
    }
    return vector;
  }

  /** The elements as an ND4J matrix of {@link #rows()} x {@link #columns()}. */
  INDArray matrix() {
    return vector().reshape(rows, columns);
  }

  /** The elements as an ND4J array of this tensor's shape. */
  INDArray array() {
    return vector().reshape(Arrays.stream(shape).asLongStream().toArray());
  }

  /**
   * Where the first element lies in host memory, for kernels that run on the host. Valid as long as
   * this tensor is reachable.
   */
  long address() {
    long known = address;
    if (known == 0) {
      known = HostMemory.address(storage) + offset * precision.bytes();
      address = known;
    }
    return known;
  }

  /** The elements as off-heap bytes in native order; at most 2 GiB. */
  ByteBuffer bytes() {
    ByteBuffer buffer = bytes;
    if (buffer == null) {
      buffer = HostMemory.bytes(address(), size * precision.bytes());
      bytes = buffer;
    }
    return buffer;
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
      size = Math.multiplyExact(size, extent);
    }
    return size;
  }

  private static float[] narrowed(double[] values) {
    float[] floats = new float[values.length];
    for (int i = 0; i < values.length; i++) {
      floats[i] = (float) values[i];
    }
    return floats;
  }

  private void requireLength(long length) {
    if (length != size) {
      throw new IllegalArgumentException(
          length + " values do not fill a tensor of shape " + Arrays.toString(shape));
    }
  }
}
