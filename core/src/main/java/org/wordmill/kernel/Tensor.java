package org.wordmill.kernel;

import java.nio.ByteBuffer;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * A dense array of floats or doubles, row-major and contiguous, in ND4J's memory or in that of a
 * device; a view shares the memory of the tensor it was cut from.
 *
 * <p>Most kernels see a tensor as a matrix of {@link #rows()} rows (the product of all dimensions
 * but the last) by {@link #columns()} (the last dimension). Outside this package elements are moved
 * only in bulk, because on an accelerator they live elsewhere.
 */
public final class Tensor {
  /** Elements that are moved through Java's memory at once. */
  private static final int PIECE = 1 << 22;

  private final Memory memory;
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

  private Tensor(Memory memory, long offset, int[] shape) {
    this.memory = memory;
    this.offset = offset;
    this.size = size(shape);
    this.precision = memory.precision();
    this.shape = shape;
    this.columns = shape.length == 0 ? 1 : shape[shape.length - 1];
    this.rows = Math.toIntExact(size / columns);
  }

  /** A new tensor of zeros in ND4J's memory; {@link Kernels#zeros} is where kernels compute. */
  public static Tensor zeros(Precision precision, int... shape) {
    NativeRuntime.prepare();
    return new Tensor(Nd4jMemory.zeros(precision, size(shape)), 0, shape.clone());
  }

  /** All of {@code memory}, seen in {@code shape}. */
  public static Tensor over(Memory memory, int... shape) {
    if (size(shape) != memory.size()) {
      throw new IllegalArgumentException(
          memory.size() + " elements do not fill the shape " + Arrays.toString(shape));
    }
    return new Tensor(memory, 0, shape.clone());
  }

  /**
   * A vector of floats over bytes that somebody else owns, for instance a mapped file, in native
   * byte order; for kernels that compute on the host. It keeps {@code bytes} reachable.
   *
   * @param bytes a direct buffer; all of it, whatever its position
   */
  public static Tensor floatsOver(ByteBuffer bytes) {
    NativeRuntime.prepare();
    Nd4jMemory memory = Nd4jMemory.over(bytes);
    return new Tensor(memory, 0, new int[] {Math.toIntExact(memory.size())});
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
    return new Tensor(memory, this.offset + offset, shape.clone());
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
      memory.write(offset, values);
    } else {
      double[] widened = new double[values.length];
      for (int i = 0; i < values.length; i++) {
        widened[i] = values[i];
      }
      memory.write(offset, widened);
    }
  }

  /** Copies all elements in; {@code values.length} must be {@link #size()}. */
  public void copyFrom(double[] values) {
    requireLength(values.length);
    if (precision == Precision.DOUBLE) {
      memory.write(offset, values);
    } else {
      memory.write(offset, narrowed(values));
    }
  }

  /** Copies all elements of a tensor of the same size, converting the precision. */
  public void copyFrom(Tensor other) {
    requireLength(other.size);
    if (memory.copy(offset, other.memory, other.offset, size)) {
      return;
    }
    for (long at = 0; at < size; at += PIECE) {
      int length = (int) Math.min(PIECE, size - at);
      Tensor part = other.view(at, length);
      if (other.precision == Precision.FLOAT) {
        view(at, length).copyFrom(part.toFloats());
      } else {
        view(at, length).copyFrom(part.toDoubles());
      }
    }
  }

  /** Copies all elements out, row by row; {@code values.length} must be {@link #size()}. */
  public void copyTo(float[] values) {
    requireLength(values.length);
    if (precision == Precision.FLOAT) {
      memory.read(offset, values);
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
      memory.read(offset, values);
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
    memory.fill(offset, size, value);
  }

  /** Where the elements lie; this tensor's begin at {@link #offset}. */
  public Memory memory() {
    return memory;
  }

  /** The first element of this tensor in {@link #memory}. */
  public long offset() {
    return offset;
  }

  /** The elements as one ND4J vector, for the kernels of this package. */
  INDArray vector() {
    INDArray vector = flat;
    if (vector == null) {
      vector = nd4j().vector(offset, size);
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
      known = HostMemory.address(nd4j().storage()) + offset * precision.bytes();
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

  /**
   * The elements as they lie in memory, in native byte order: for those who send them to another
   * process, or receive them from one, without a copy. Valid as long as this tensor is reachable;
   * at most 2 GiB.
   *
   * @throws IllegalArgumentException when they do not lie on the host
   */
  public ByteBuffer raw() {
    if (!isOnHost()) {
      throw new IllegalArgumentException(this + " lies on a device");
    }
    return HostMemory.bytes(address(), size * precision.bytes());
  }

  /** Whether the elements lie in host memory, and nowhere else. */
  public boolean isOnHost() {
    return memory instanceof Nd4jMemory && !NativeRuntime.onAccelerator();
  }

  private Nd4jMemory nd4j() {
    if (memory instanceof Nd4jMemory nd4j) {
      return nd4j;
    }
    throw new IllegalArgumentException(this + " lies on a device that these kernels cannot reach");
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
