package org.wordmill.kernel;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.javacpp.Pointer;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;

/** Memory that ND4J manages: off the heap on a CPU, wherever its backend puts it elsewhere. */
record Nd4jMemory(INDArray storage, Precision precision) implements Memory {

  static Nd4jMemory zeros(Precision precision, long size) {
    if (NativeRuntime.onAccelerator()) {
      return new Nd4jMemory(Nd4j.zeros(precision.dataType(), size), precision);
    }
    return over(new ZeroedPointer(size * precision.bytes()), size, precision);
  }

  /** Floats in a direct buffer, which the pointer keeps reachable. */
  static Nd4jMemory over(ByteBuffer bytes) {
    FloatPointer floats =
        new FloatPointer(bytes.duplicate().clear().order(ByteOrder.nativeOrder()).asFloatBuffer());
    return over(floats, bytes.capacity() / Float.BYTES, Precision.FLOAT);
  }

  private static Nd4jMemory over(Pointer elements, long size, Precision precision) {
    return new Nd4jMemory(
        Nd4j.create(Nd4j.createBuffer(elements, size, precision.dataType()), size), precision);
  }

  @Override
  public long size() {
    return storage.length();
  }

  @Override
  public void read(long offset, float[] into) {
    HostMemory.read(storage, offset, into);
  }

  @Override
  public void read(long offset, double[] into) {
    HostMemory.read(storage, offset, into);
  }

  @Override
  public void write(long offset, float[] from) {
    HostMemory.write(storage, offset, from);
  }

  @Override
  public void write(long offset, double[] from) {
    HostMemory.write(storage, offset, from);
  }

  /** Without a new ND4J array, in the cases that occur in every step of a training. */
  @Override
  public void fill(long offset, long count, double value) {
    if (value == 0 && !NativeRuntime.onAccelerator()) {
      HostMemory.clear(storage, offset * precision.bytes(), count * precision.bytes());
    } else if (count == 1 && precision == Precision.FLOAT) {
      HostMemory.write(storage, offset, new float[] {(float) value});
    } else if (count == 1) {
      HostMemory.write(storage, offset, new double[] {value});
    } else {
      vector(offset, count).assign(value);
    }
  }

  /** ND4J converts between precisions itself. */
  @Override
  public boolean copy(long offset, Memory source, long sourceOffset, long count) {
    if (!(source instanceof Nd4jMemory other)) {
      return false;
    }
    vector(offset, count).assign(other.vector(sourceOffset, count));
    return true;
  }

  /** A view of {@code count} elements. */
  INDArray vector(long offset, long count) {
    return count == size() ? storage : storage.get(NDArrayIndex.interval(offset, offset + count));
  }
}
