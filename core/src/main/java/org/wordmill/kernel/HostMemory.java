package org.wordmill.kernel;

import java.lang.ref.Reference;
import java.nio.ByteBuffer;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.DoublePointer;
import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.javacpp.Pointer;
import org.nd4j.linalg.api.concurrency.AffinityManager;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * The host side of ND4J arrays, in bulk. On an accelerator ND4J is told before a read that the host
 * copy must be current, and after a write that it is; on a CPU both cost nothing.
 */
final class HostMemory {
  private HostMemory() {}

  static void read(INDArray storage, long offset, float[] into) {
    Nd4j.getAffinityManager().ensureLocation(storage, AffinityManager.Location.HOST);
    new Floats(address(storage) + offset * Float.BYTES, into.length).get(into);
    Reference.reachabilityFence(storage);
  }

  static void read(INDArray storage, long offset, double[] into) {
    Nd4j.getAffinityManager().ensureLocation(storage, AffinityManager.Location.HOST);
    new Doubles(address(storage) + offset * Double.BYTES, into.length).get(into);
    Reference.reachabilityFence(storage);
  }

  static void write(INDArray storage, long offset, float[] from) {
    Nd4j.getAffinityManager().ensureLocation(storage, AffinityManager.Location.HOST);
    new Floats(address(storage) + offset * Float.BYTES, from.length).put(from);
    Nd4j.getAffinityManager().tagLocation(storage, AffinityManager.Location.HOST);
    Reference.reachabilityFence(storage);
  }

  static void write(INDArray storage, long offset, double[] from) {
    Nd4j.getAffinityManager().ensureLocation(storage, AffinityManager.Location.HOST);
    new Doubles(address(storage) + offset * Double.BYTES, from.length).put(from);
    Nd4j.getAffinityManager().tagLocation(storage, AffinityManager.Location.HOST);
    Reference.reachabilityFence(storage);
  }

  /** Zeros; offset and length count bytes. For arrays that live on the host. */
  static void clear(INDArray storage, long offset, long length) {
    new Bytes(address(storage) + offset, length).zero();
    Reference.reachabilityFence(storage);
  }

  static long address(INDArray storage) {
    return storage.data().addressPointer().address();
  }

  /** A view in native byte order that does not keep the memory alive. */
  static ByteBuffer bytes(long address, long length) {
    if (length > Integer.MAX_VALUE) {
      throw new IllegalArgumentException(
          "a tensor of " + length + " bytes; the fused kernels take 2 GiB, smaller batches help");
    }
    return new Bytes(address, length).asByteBuffer();
  }

  /** JavaCPP pointers to memory that somebody else owns. */
  private static final class Floats extends FloatPointer {
    Floats(long address, long length) {
      super((Pointer) null);
      this.address = address;
      this.limit = length;
      this.capacity = length;
    }
  }

  private static final class Doubles extends DoublePointer {
    Doubles(long address, long length) {
      super((Pointer) null);
      this.address = address;
      this.limit = length;
      this.capacity = length;
    }
  }

  private static final class Bytes extends BytePointer {
    Bytes(long address, long length) {
      super((Pointer) null);
      this.address = address;
      this.limit = length;
      this.capacity = length;
    }
  }
}
