package org.wordmill.kernel;

import java.lang.ref.Reference;
import org.bytedeco.dnnl.global.dnnl;
import org.bytedeco.javacpp.Loader;
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
            transposeA ? TRANSPOSED : AS_IS,
            transposeB ? TRANSPOSED : AS_IS,
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

  /** Why oneDNN cannot be called here; empty if it can. */
  static String obstacle() {
    return Library.OBSTACLE;
  }

  /** Why oneDNN cannot multiply in bfloat16 on this processor; empty if it can. */
  static String bfloat16Obstacle() {
    if (!obstacle().isEmpty()) {
      return obstacle();
    }
    return dnnl.dnnl_get_effective_cpu_isa() >= dnnl.dnnl_cpu_isa_avx512_core_bf16
        ? ""
        : "the processor has no bfloat16 instructions (AVX512_BF16)";
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
    static final String OBSTACLE = load();

    private static String load() {
      try {
        Loader.load(dnnl.class);
        return "";
      } catch (UnsatisfiedLinkError | NoClassDefFoundError e) {
        return "oneDNN's natives are not here: " + e.getMessage();
      }
    }
  }
}
