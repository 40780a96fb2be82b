package org.wordmill.kernel.cuda;

import java.nio.ByteBuffer;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.bytedeco.cuda.cudart.CUfunc_st;
import org.bytedeco.javacpp.BytePointer;
import org.wordmill.kernel.Precision;

/**
 * A real GPU in one precision. There is one such object in a process for each precision, which all
 * threads share; they take turns.
 */
final class CudaDevice implements Device {
  /** System property: which of the visible GPUs, 0 by default. */
  static final String ORDINAL = "wordmill.cuda.device";

  /** System property: whether single precision products may use TF32 tensor cores. */
  static final String TENSOR_CORES = "wordmill.cuda.tf32";

  private static final int STAGING_BYTES = 1 << 22;
  private static final Map<Precision, CudaDevice> DEVICES = new ConcurrentHashMap<>();

  private final Precision precision;
  private final CudaDriver driver;
  private final Map<Entry, CUfunc_st> functions;
  private final Cublas blas;
  private final String hardware;
  private final BytePointer staging = new BytePointer(STAGING_BYTES);
  private final ByteBuffer staged = staging.asByteBuffer();

  private CudaDevice(Precision precision) {
    this.precision = precision;
    this.driver = new CudaDriver(Integer.getInteger(ORDINAL, 0));
    Target target = Target.of(driver.capability(), CudaProgram.supportedArchitectures());
    try (BytePointer image = CudaProgram.compile(Sources.program(), target, precision)) {
      this.functions = driver.load(image);
    }
    this.blas = new Cublas(precision, Boolean.getBoolean(TENSOR_CORES));
    this.hardware = driver.name() + ", compute capability " + driver.capability() / 10.0;
  }

  /** The GPU of this process; opened, and the kernels compiled for it, at the first call. */
  static CudaDevice of(Precision precision) {
    return DEVICES.computeIfAbsent(precision, CudaDevice::new);
  }

  @Override
  public Precision precision() {
    return precision;
  }

  @Override
  public String hardware() {
    return hardware;
  }

  @Override
  public synchronized long allocate(long bytes) {
    driver.enter();
    return driver.allocate(bytes);
  }

  @Override
  public synchronized void free(long address) {
    driver.enter();
    driver.free(address);
  }

  @Override
  public synchronized void read(long address, float[] into) {
    driver.enter();
    int piece = STAGING_BYTES / Float.BYTES;
    for (int at = 0; at < into.length; at += piece) {
      int count = Math.min(piece, into.length - at);
      driver.copyOut(staging, address + (long) at * Float.BYTES, (long) count * Float.BYTES);
      staged.asFloatBuffer().get(into, at, count);
    }
  }

  @Override
  public synchronized void read(long address, double[] into) {
    driver.enter();
    int piece = STAGING_BYTES / Double.BYTES;
    for (int at = 0; at < into.length; at += piece) {
      int count = Math.min(piece, into.length - at);
      driver.copyOut(staging, address + (long) at * Double.BYTES, (long) count * Double.BYTES);
      staged.asDoubleBuffer().get(into, at, count);
    }
  }

  @Override
  public synchronized void write(long address, float[] from) {
    driver.enter();
    int piece = STAGING_BYTES / Float.BYTES;
    for (int at = 0; at < from.length; at += piece) {
      int count = Math.min(piece, from.length - at);
      staged.asFloatBuffer().put(from, at, count);
      driver.copyIn(address + (long) at * Float.BYTES, staging, (long) count * Float.BYTES);
    }
  }

  @Override
  public synchronized void write(long address, double[] from) {
    driver.enter();
    int piece = STAGING_BYTES / Double.BYTES;
    for (int at = 0; at < from.length; at += piece) {
      int count = Math.min(piece, from.length - at);
      staged.asDoubleBuffer().put(from, at, count);
      driver.copyIn(address + (long) at * Double.BYTES, staging, (long) count * Double.BYTES);
    }
  }

  @Override
  public synchronized void write(long address, int[] from) {
    driver.enter();
    int piece = STAGING_BYTES / Integer.BYTES;
    for (int at = 0; at < from.length; at += piece) {
      int count = Math.min(piece, from.length - at);
      staged.asIntBuffer().put(from, at, count);
      driver.copyIn(address + (long) at * Integer.BYTES, staging, (long) count * Integer.BYTES);
    }
  }

  @Override
  public synchronized void copy(long to, long from, long bytes) {
    driver.enter();
    driver.copy(to, from, bytes);
  }

  @Override
  public synchronized void launch(Entry entry, Grid grid, long[] arguments) {
    CUfunc_st function = functions.get(entry);
    if (function == null) {
      throw new IllegalStateException(entry.symbol() + " was not loaded");
    }
    driver.enter();
    driver.launch(function, entry, grid, arguments);
  }

  @Override
  public synchronized void multiply(Product product) {
    driver.enter();
    blas.multiply(product);
  }
}
