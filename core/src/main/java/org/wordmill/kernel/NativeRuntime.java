package org.wordmill.kernel;

import com.sun.jna.NativeLibrary;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.bytedeco.openblas.global.openblas_nolapack;
import org.nd4j.linalg.factory.Nd4j;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How the native libraries are set up, once per process and before the first tensor: one thread per
 * caller, because the cores are shared out over tasks and not inside one product, and because a
 * fixed order of summation makes runs repeatable; and the AVX-512 kernels of OpenBLAS on processors
 * that it does not know as such.
 */
final class NativeRuntime {
  private static final Logger LOG = LoggerFactory.getLogger(NativeRuntime.class);
  private static final String CORE_TYPE = "OPENBLAS_CORETYPE";
  private static final String THREADS = "OMP_NUM_THREADS";
  private static final List<String> AVX512 = List.of("avx512f", "avx512dq", "avx512bw", "avx512vl");

  private NativeRuntime() {}

  /** Does its work when it is first called; later calls find it done. */
  static void prepare() {
    Setup.done();
  }

  /** The virtual machine runs the initializer of a class once, whichever thread comes first. */
  private static final class Setup {
    static {
      if (hasAvx512(processorFlags())) {
        // OpenBLAS of the version that ND4J brings takes newer AMD processors for ones without
        // AVX-512.
        setUnlessSet(CORE_TYPE, "SkylakeX");
      }
      // oneDNN's threads are OpenMP's, whose number is fixed when its library is loaded.
      setUnlessSet(THREADS, "1");
      // ND4J sets the number of BLAS threads when it starts, so it must have started before.
      Nd4j.getEnvironment().setMaxThreads(1);
      Nd4j.getEnvironment().setMaxMasterThreads(1);
      if (!onAccelerator()) {
        openblas_nolapack.blas_set_num_threads(1);
      }
    }

    static void done() {}
  }

  /** Whether ND4J keeps its arrays on a device other than the host. */
  static boolean onAccelerator() {
    return !Nd4j.getEnvironment().isCPU();
  }

  /** In the environment of the process, which native libraries read when they are loaded. */
  private static void setUnlessSet(String name, String value) {
    if (System.getenv(name) != null) {
      return;
    }
    try {
      NativeLibrary.getInstance("c").getFunction("setenv").invokeInt(new Object[] {name, value, 1});
    } catch (UnsatisfiedLinkError e) {
      LOG.warn("cannot set {} to {}, matrix products will be slower", name, value, e);
    }
  }

  static boolean hasAvx512(String flags) {
    return Arrays.asList(flags.trim().split("\\s+", -1)).containsAll(AVX512);
  }

  /** The flags of the first processor, as Linux on x86-64 tells them; elsewhere nothing. */
  private static String processorFlags() {
    Path file = Path.of("/proc/cpuinfo");
    if (!System.getProperty("os.name", "").toLowerCase(Locale.ROOT).contains("linux")
        || !Files.isReadable(file)) {
      return "";
    }
    try (var lines = Files.lines(file, StandardCharsets.ISO_8859_1)) {
      return lines
          .filter(line -> line.startsWith("flags"))
          .map(line -> line.substring(line.indexOf(':') + 1))
          .findFirst()
          .orElse("");
    } catch (IOException e) {
      LOG.warn("cannot read {}, OpenBLAS will choose its kernels itself", file, e);
      return "";
    }
  }
}
