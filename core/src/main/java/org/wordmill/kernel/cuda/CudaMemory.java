package org.wordmill.kernel.cuda;

import java.lang.ref.Cleaner;
import java.lang.ref.Reference;
import org.wordmill.kernel.Memory;
import org.wordmill.kernel.Precision;
import org.wordmill.kernel.Tensor;

/** Memory of a device, freed when no tensor needs it any more. */
final class CudaMemory implements Memory {
  private static final Cleaner CLEANER = Cleaner.create();

  /** What is done after the memory is unreachable, so it must not know it. */
  private record Release(Device device, long address) implements Runnable {
    @Override
    public void run() {
      device.free(address);
    }
  }

  private final Device device;
  private final long size;
  private final long address;
  private final Cleaner.Cleanable release;

  /** Memory with arbitrary contents. */
  CudaMemory(Device device, long size) {
    this.device = device;
    this.size = size;
    this.address = device.allocate(size * device.precision().bytes());
    this.release = CLEANER.register(this, new Release(device, address));
  }

  static CudaMemory zeros(Device device, long size) {
    CudaMemory memory = new CudaMemory(device, size);
    memory.fill(0, size, 0);
    return memory;
  }

  /** Frees the memory at once; nobody uses it any more. */
  void free() {
    release.clean();
  }

  /** Where the first element lies; valid as long as this is reachable. */
  long address() {
    return address;
  }

  /** Where a tensor begins; valid as long as it is reachable. */
  static long address(Tensor tensor) {
    if (tensor.memory() instanceof CudaMemory memory) {
      return memory.at(tensor.offset());
    }
    throw new IllegalArgumentException(tensor + " does not lie in the memory of a GPU");
  }

  private long at(long offset) {
    return address + offset * precision().bytes();
  }

  Device device() {
    return device;
  }

  @Override
  public Precision precision() {
    return device.precision();
  }

  @Override
  public long size() {
    return size;
  }

  @Override
  public void read(long offset, float[] into) {
    device.read(at(offset), into);
    Reference.reachabilityFence(this);
  }

  @Override
  public void read(long offset, double[] into) {
    device.read(at(offset), into);
    Reference.reachabilityFence(this);
  }

  @Override
  public void write(long offset, float[] from) {
    device.write(at(offset), from);
    Reference.reachabilityFence(this);
  }

  @Override
  public void write(long offset, double[] from) {
    device.write(at(offset), from);
    Reference.reachabilityFence(this);
  }

  @Override
  public void fill(long offset, long count, double value) {
    Arguments.Region region = new Arguments.Region('r', at(offset));
    device.launch(
        Entry.FILL, Grid.elements(count), Arguments.pack(Entry.FILL, region, value, count));
    Reference.reachabilityFence(this);
  }

  @Override
  public boolean copy(long offset, Memory source, long sourceOffset, long count) {
    if (!(source instanceof CudaMemory other) || other.precision() != precision()) {
      return false;
    }
    device.copy(at(offset), other.at(sourceOffset), count * precision().bytes());
    Reference.reachabilityFence(this);
    Reference.reachabilityFence(other);
    return true;
  }
}
