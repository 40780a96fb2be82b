package org.wordmill.kernel.cuda;

import java.nio.charset.StandardCharsets;
import java.util.Locale;
import org.bytedeco.cuda.global.nvrtc;
import org.bytedeco.cuda.nvrtc._nvrtcProgram;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.Pointer;
import org.bytedeco.javacpp.PointerPointer;
import org.bytedeco.javacpp.SizeTPointer;
import org.wordmill.kernel.Precision;

/** The kernels' sources, compiled by NVRTC for one kind of GPU and one precision. */
final class CudaProgram {
  private CudaProgram() {}

  /** The architectures that the compiler knows, 90 for compute capability 9.0. */
  static int[] supportedArchitectures() {
    int[] count = new int[1];
    check(nvrtc.nvrtcGetNumSupportedArchs(count), "count its architectures");
    int[] architectures = new int[count[0]];
    check(nvrtc.nvrtcGetSupportedArchs(architectures), "list its architectures");
    return architectures;
  }

  /** The image that a driver loads. */
  static BytePointer compile(String source, Target target, Precision precision) {
    _nvrtcProgram program = new _nvrtcProgram();
    try (BytePointer text = new BytePointer(source, StandardCharsets.UTF_8);
        BytePointer name = new BytePointer("wordmill.cu", StandardCharsets.UTF_8);
        PointerPointer<Pointer> options =
            new PointerPointer<>(
                target.option(),
                "--std=c++17",
                "-DREAL=" + precision.name().toLowerCase(Locale.ROOT))) {
      check(
          nvrtc.nvrtcCreateProgram(
              program, text, name, 0, (PointerPointer<?>) null, (PointerPointer<?>) null),
          "create a program");
      int status = nvrtc.nvrtcCompileProgram(program, (int) options.capacity(), options);
      if (status != nvrtc.NVRTC_SUCCESS) {
        throw new IllegalStateException("NVRTC refuses the kernels:\n" + log(program));
      }
      return image(program, target.machineCode());
    } finally {
      if (!program.isNull()) {
        try (PointerPointer<Pointer> handle = new PointerPointer<>(1)) {
          nvrtc.nvrtcDestroyProgram(handle.put(0, program));
        }
      }
    }
  }

  private static BytePointer image(_nvrtcProgram program, boolean machineCode) {
    try (SizeTPointer size = new SizeTPointer(1)) {
      check(
          machineCode
              ? nvrtc.nvrtcGetCUBINSize(program, size)
              : nvrtc.nvrtcGetPTXSize(program, size),
          "size its result");
      BytePointer image = new BytePointer(size.get());
      check(
          machineCode ? nvrtc.nvrtcGetCUBIN(program, image) : nvrtc.nvrtcGetPTX(program, image),
          "return its result");
      return image;
    }
  }

  private static String log(_nvrtcProgram program) {
    try (SizeTPointer size = new SizeTPointer(1)) {
      check(nvrtc.nvrtcGetProgramLogSize(program, size), "size its log");
      try (BytePointer log = new BytePointer(size.get())) {
        check(nvrtc.nvrtcGetProgramLog(program, log), "return its log");
        // The size counts the zero at the end.
        return log.limit(size.get() - 1).getString(StandardCharsets.UTF_8);
      }
    }
  }

  private static void check(int status, String what) {
    if (status != nvrtc.NVRTC_SUCCESS) {
      throw new IllegalStateException(
          "NVRTC cannot "
              + what
              + ": "
              + nvrtc.nvrtcGetErrorString(status).getString(StandardCharsets.UTF_8));
    }
  }
}
