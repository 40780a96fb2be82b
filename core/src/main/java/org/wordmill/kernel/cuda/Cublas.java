package org.wordmill.kernel.cuda;

import java.nio.charset.StandardCharsets;
import org.bytedeco.cuda.cublas.cublasContext;
import org.bytedeco.cuda.global.cublas;
import org.bytedeco.cuda.global.cudart;
import org.bytedeco.javacpp.DoublePointer;
import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.javacpp.Pointer;
import org.wordmill.kernel.Precision;
import org.wordmill.kernel.cuda.Product.ColumnMajor;

/** Matrix products on the GPU of the current context, in one precision. */
final class Cublas {
  private final cublasContext handle = new cublasContext();
  private final Precision precision;
  private final int type;
  private final int computation;
  private final Pointer alpha;
  private final Pointer beta;

  /**
   * @param tensorCores whether products in single precision may round their factors to TF32
   */
  Cublas(Precision precision, boolean tensorCores) {
    this.precision = precision;
    if (precision == Precision.DOUBLE) {
      this.type = cudart.CUDA_R_64F;
      this.computation = cublas.CUBLAS_COMPUTE_64F;
      this.alpha = new DoublePointer(1);
      this.beta = new DoublePointer(1);
    } else {
      this.type = cudart.CUDA_R_32F;
      this.computation =
          tensorCores ? cublas.CUBLAS_COMPUTE_32F_FAST_TF32 : cublas.CUBLAS_COMPUTE_32F;
      this.alpha = new FloatPointer(1);
      this.beta = new FloatPointer(1);
    }
    check(cublas.cublasCreate_v2(handle), "start");
  }

  void multiply(Product product) {
    set(alpha, product.alpha());
    set(beta, product.beta());
    ColumnMajor c = product.columnMajor();
    int status =
        cublas.cublasGemmStridedBatchedEx(
            handle,
            operation(c.transposeFirst()),
            operation(c.transposeSecond()),
            c.rows(),
            c.columns(),
            c.inner(),
            alpha,
            new DeviceAddress(c.first().address()),
            type,
            c.first().leading(),
            c.first().stride(),
            new DeviceAddress(c.second().address()),
            type,
            c.second().leading(),
            c.second().stride(),
            beta,
            new DeviceAddress(c.result().address()),
            type,
            c.result().leading(),
            c.result().stride(),
            product.batch(),
            computation,
            cublas.CUBLAS_GEMM_DEFAULT);
    check(status, "multiply matrices of " + product);
  }

  private void set(Pointer scalar, double value) {
    if (precision == Precision.DOUBLE) {
      ((DoublePointer) scalar).put(value);
    } else {
      ((FloatPointer) scalar).put((float) value);
    }
  }

  private static int operation(boolean transposed) {
    return transposed ? cublas.CUBLAS_OP_T : cublas.CUBLAS_OP_N;
  }

  private static void check(int status, String what) {
    if (status != cublas.CUBLAS_STATUS_SUCCESS) {
      throw new IllegalStateException(
          "cuBLAS cannot "
              + what
              + ": "
              + cublas.cublasGetStatusString(status).getString(StandardCharsets.UTF_8));
    }
  }
}
