package org.wordmill.kernel.cuda;

import java.util.Arrays;
import java.util.Locale;
import org.wordmill.error.ExitCode;
import org.wordmill.error.WordmillException;

/**
 * What the sources are compiled to for a GPU: machine code where the compiler knows the GPU, and
 * otherwise, for a GPU newer than the compiler, the intermediate code that its driver translates.
 *
 * @param architecture the number of a compute capability, 90 for 9.0
 */
record Target(int architecture, boolean machineCode) {

  /**
   * @param capability of the GPU, 90 for 9.0
   * @param supported the architectures that the compiler knows, of which there is at least one
   * @throws WordmillException USAGE if the GPU is older than all of them
   */
  static Target of(int capability, int[] supported) {
    if (Arrays.stream(supported).anyMatch(known -> known == capability)) {
      return new Target(capability, true);
    }
    int newestBelow = Arrays.stream(supported).filter(known -> known < capability).max().orElse(-1);
    if (newestBelow < 0) {
      throw new WordmillException(
          ExitCode.USAGE,
          String.format(
              Locale.ROOT,
              "a GPU of compute capability %d.%d is older than this CUDA supports",
              capability / 10,
              capability % 10),
          "",
          "choose other kernels, or the profile for older GPUs (core/docs/cuda.md)");
    }
    return new Target(newestBelow, false);
  }

  /** The option of the compiler. */
  String option() {
    return "--gpu-architecture=" + (machineCode ? "sm_" : "compute_") + architecture;
  }
}
