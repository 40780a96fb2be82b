package org.wordmill.kernel.cuda;

import java.nio.charset.StandardCharsets;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import org.bytedeco.cuda.cudart.CUctx_st;
import org.bytedeco.cuda.cudart.CUfunc_st;
import org.bytedeco.cuda.cudart.CUmod_st;
import org.bytedeco.cuda.cudart.CUstream_st;
import org.bytedeco.cuda.global.cudart;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.LongPointer;
import org.bytedeco.javacpp.Pointer;
import org.bytedeco.javacpp.PointerPointer;
import org.wordmill.error.ExitCode;
import org.wordmill.error.WordmillException;

/**
 * One GPU through CUDA's driver interface. All work goes to the default stream, so that it is done
 * in the order of the calls, whichever thread makes them.
 */
final class CudaDriver {
  /** The most parameters of an entry point. */
  static final int MOST_PARAMETERS = 16;

  private static final int NAME_LENGTH = 256;
  private static final int ATTEMPTS = 5;
  private static final long PAUSE_MILLIS = 50;

  private final CUctx_st context = new CUctx_st();
  private final int device;
  private final LongPointer slots = new LongPointer(MOST_PARAMETERS);
  private final PointerPointer<Pointer> parameters = new PointerPointer<>(MOST_PARAMETERS);

  /**
   * @param ordinal which of the visible GPUs
   * @throws WordmillException USAGE if there is no such GPU, or no driver
   */
  CudaDriver(int ordinal) {
    require(cudart.cuInit(0), "start");
    int[] count = new int[1];
    require(cudart.cuDeviceGetCount(count), "count its GPUs");
    if (ordinal < 0 || ordinal >= count[0]) {
      throw new WordmillException(
          ExitCode.USAGE,
          "there is no GPU " + ordinal + " among the " + count[0] + " that CUDA shows",
          "",
          "set " + CudaDevice.ORDINAL + " to a lower number, or look at CUDA_VISIBLE_DEVICES");
    }
    int[] handle = new int[1];
    require(cudart.cuDeviceGet(handle, ordinal), "open GPU " + ordinal);
    this.device = handle[0];
    require(cudart.cuDevicePrimaryCtxRetain(context, device), "use GPU " + ordinal);
    for (int i = 0; i < MOST_PARAMETERS; i++) {
      parameters.put(i, new DeviceAddress(slots.address() + (long) i * Long.BYTES));
    }
    enter();
  }

  /** Makes the GPU the calling thread's, which every call needs. */
  void enter() {
    check(cudart.cuCtxSetCurrent(context), "switch to the GPU");
  }

  /** 90 for compute capability 9.0. */
  int capability() {
    return 10 * attribute(cudart.CU_DEVICE_ATTRIBUTE_COMPUTE_CAPABILITY_MAJOR)
        + attribute(cudart.CU_DEVICE_ATTRIBUTE_COMPUTE_CAPABILITY_MINOR);
  }

  private int attribute(int which) {
    int[] value = new int[1];
    check(cudart.cuDeviceGetAttribute(value, which, device), "describe the GPU");
    return value[0];
  }

  String name() {
    byte[] name = new byte[NAME_LENGTH];
    check(cudart.cuDeviceGetName(name, NAME_LENGTH, device), "name the GPU");
    int length = 0;
    while (length < NAME_LENGTH && name[length] != 0) {
      length++;
    }
    return new String(name, 0, length, StandardCharsets.UTF_8);
  }

  /** The entry points of a compiled program. */
  Map<Entry, CUfunc_st> load(Pointer image) {
    CUmod_st module = new CUmod_st();
    check(cudart.cuModuleLoadData(module, image), "load the kernels");
    Map<Entry, CUfunc_st> functions = new EnumMap<>(Entry.class);
    for (Entry entry : Entry.values()) {
      CUfunc_st function = new CUfunc_st();
      check(cudart.cuModuleGetFunction(function, module, entry.symbol()), "find " + entry.symbol());
      functions.put(entry, function);
    }
    return functions;
  }

  /**
   * New memory. What Java has given up is freed only when it is collected, so if memory is short a
   * collection is asked for first.
   */
  long allocate(long bytes) {
    long[] address = new long[1];
    int status = cudart.cuMemAlloc(address, bytes);
    for (int i = 1; status == cudart.CUDA_ERROR_OUT_OF_MEMORY && i < ATTEMPTS; i++) {
      System.gc();
      try {
        Thread.sleep(PAUSE_MILLIS * i);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        break;
      }
      status = cudart.cuMemAlloc(address, bytes);
    }
    if (status == cudart.CUDA_ERROR_OUT_OF_MEMORY) {
      throw new WordmillException(
          ExitCode.USAGE,
          String.format(Locale.ROOT, "the GPU has no %,d bytes left", bytes),
          "",
          "take a smaller micro-batch, context or model");
    }
    check(status, "give memory");
    return address[0];
  }

  void free(long address) {
    check(cudart.cuMemFree(address), "free memory");
  }

  void copyIn(long to, Pointer from, long bytes) {
    check(cudart.cuMemcpyHtoD(to, from, bytes), "copy to the GPU");
  }

  void copyOut(Pointer to, long from, long bytes) {
    check(cudart.cuMemcpyDtoH(to, from, bytes), "copy from the GPU");
  }

  void copy(long to, long from, long bytes) {
    check(cudart.cuMemcpyDtoDAsync(to, from, bytes, (CUstream_st) null), "copy on the GPU");
  }

  void launch(CUfunc_st function, Entry entry, Grid grid, long[] arguments) {
    slots.put(arguments, 0, arguments.length);
    check(
        cudart.cuLaunchKernel(
            function,
            grid.blocksX(),
            grid.blocksY(),
            1,
            grid.threadsX(),
            grid.threadsY(),
            1,
            0,
            (CUstream_st) null,
            parameters,
            (PointerPointer<?>) null),
        "run " + entry.symbol());
  }

  private static void require(int status, String what) {
    if (status != cudart.CUDA_SUCCESS) {
      throw new WordmillException(
          ExitCode.USAGE, "CUDA cannot " + what + ": " + message(status), "", "");
    }
  }

  /** A failure after the start is no fault of the user's: the GPU or we. */
  private static void check(int status, String what) {
    if (status != cudart.CUDA_SUCCESS) {
      throw new IllegalStateException("CUDA cannot " + what + ": " + message(status));
    }
  }

  private static String message(int status) {
    try (PointerPointer<BytePointer> text = new PointerPointer<>(1)) {
      if (cudart.cuGetErrorString(status, text) != cudart.CUDA_SUCCESS) {
        return "error " + status;
      }
      return text.get(BytePointer.class, 0).getString(StandardCharsets.UTF_8);
    }
  }
}
