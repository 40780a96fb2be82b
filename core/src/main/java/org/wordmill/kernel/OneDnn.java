package org.wordmill.kernel;

import com.sun.jna.Function;
import com.sun.jna.NativeLibrary;
import java.lang.ref.Reference;
import java.nio.file.Files;
import java.nio.file.Path;
import org.bytedeco.dnnl.global.dnnl;
import org.bytedeco.javacpp.Loader;
import org.jspecify.annotations.Nullable;
import org.nd4j.nativeblas.NativeOpsHolder;

/**
 * Single precision matrix products by oneDNN, which compiles its kernels for the processor that it
 * finds; matrices times vectors are left to OpenBLAS. There are natives for x86-64 alone.
 */
final class OneDnn extends Blas {
  private static final byte TRANSPOSED = 'T';
  private static final byte AS_IS = 'N';

  private final Operand left = new Operand();
  private final Operand right = new Operand();
  private final Operand result = new Operand();

  OneDnn() {
    useOneThread();
  }

  /** The number of OpenMP's threads is a setting of the thread that calls; ND4J raises it. */
  static void useOneThread() {
    NativeRuntime.prepare();
    NativeOpsHolder.getInstance().getDeviceNativeOps().setOmpNumThreads(1);
  }

  @Override
  void product(
      boolean transposeA,
      boolean transposeB,
      int m,
      int n,
      int k,
      float factor,
      Matrix a,
      Matrix b,
      float beta,
      Matrix c) {
    check(
        dnnl.dnnl_sgemm(
            operation(transposeA),
            operation(transposeB),
            m,
            n,
            k,
            factor,
            left.at(a.address()),
            a.stride(),
            right.at(b.address()),
            b.stride(),
            beta,
            result.at(c.address()),
            c.stride()));
    Reference.reachabilityFence(a);
    Reference.reachabilityFence(b);
    Reference.reachabilityFence(c);
  }

  @Override
  String library() {
    return "oneDNN";
  }

  /** How oneDNN's products call a factor that is transposed, or one that is not. */
  static byte operation(boolean transposed) {
    return transposed ? TRANSPOSED : AS_IS;
  }

  /** Why oneDNN cannot be called here; empty if it can. */
  static String obstacle() {
    return Library.OBSTACLE;
  }

  /** Why oneDNN cannot multiply in bfloat16 on this processor; empty if it can. */
  static String bfloat16Obstacle() {
    if (!obstacle().isEmpty()) {
      return obstacle();
    }
    if (Library.BFLOAT16_GEMM == null) {
      return "this build of oneDNN exports no bfloat16 product";
    }
    return dnnl.dnnl_get_effective_cpu_isa() >= dnnl.dnnl_cpu_isa_avx512_core_bf16
        ? ""
        : "the processor has no bfloat16 instructions (AVX512_BF16)";
  }

  /**
   * @throws IllegalStateException where there is a {@link #bfloat16Obstacle}
   */
  static Function bfloat16Gemm() {
    Function gemm = obstacle().isEmpty() ? Library.BFLOAT16_GEMM : null;
    if (gemm == null) {
      throw new IllegalStateException(bfloat16Obstacle());
    }
    return gemm;
  }

  /**
   * @throws IllegalStateException with oneDNN's status unless it is success
   */
  static void check(int status) {
    if (status != dnnl.dnnl_success) {
      throw new IllegalStateException("oneDNN refused a matrix product with status " + status);
    }
  }

  /** Loaded once, whichever thread comes first. */
  private static final class Library {
    private static final String FILE = "libdnnl.so.2";
    private static final String GEMM = "dnnl_gemm_bf16bf16f32";

    static final String OBSTACLE;
    static final @Nullable Function BFLOAT16_GEMM;

    static {
      String obstacle = "";
      Function gemm = null;
      try {
        // The preset's own library lies beside the one that it calls.
        Path preset = Path.of(Loader.load(dnnl.class));
        gemm = find(preset.resolveSibling(FILE));
      } catch (UnsatisfiedLinkError | NoClassDefFoundError e) {
        obstacle = "oneDNN's natives are not here: " + e.getMessage();
      }
      OBSTACLE = obstacle;
      BFLOAT16_GEMM = gemm;
    }

    private static @Nullable Function find(Path library) {
      if (!Files.exists(library)) {
        return null;
      }
      try {
        return NativeLibrary.getInstance(library.toString()).getFunction(GEMM);
      } catch (UnsatisfiedLinkError e) {
        return null;
      }
    }
  }
}
