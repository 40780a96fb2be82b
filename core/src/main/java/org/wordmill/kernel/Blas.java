package org.wordmill.kernel;

import java.lang.ref.Reference;
import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.javacpp.Pointer;
import org.bytedeco.openblas.global.openblas_nolapack;

/**
 * Single precision matrix products by OpenBLAS on parts of tensors, without copies: a matrix is an
 * offset into a tensor and a distance from row to row. One instance belongs to one thread.
 */
final class Blas {
  private static final int ROW_MAJOR = 101;
  private static final int AS_IS = 111;
  private static final int TRANSPOSED = 112;

  /** A matrix inside a tensor: element (i, j) lies at {@code offset + i stride + j}. */
  record Matrix(Tensor tensor, long offset, int stride) {
    static Matrix of(Tensor tensor) {
      return new Matrix(tensor, 0, tensor.columns());
    }

    /** The same matrix from element {@code more} on. */
    Matrix from(long more) {
      return new Matrix(tensor, offset + more, stride);
    }

    private long address() {
      return tensor.address() + offset * Float.BYTES;
    }
  }

  /** A pointer that is pointed at one operand after the other. */
  private static final class Operand extends FloatPointer {
    Operand() {
      super((Pointer) null);
    }

    Operand at(long address) {
      this.address = address;
      return this;
    }
  }

  private final Operand left = new Operand();
  private final Operand right = new Operand();
  private final Operand result = new Operand();

  /** C = factor A B + beta C. Shapes: A [m, k], B [k, n], C [m, n]. */
  void multiply(int m, int n, int k, float factor, Matrix a, Matrix b, float beta, Matrix c) {
    sgemm(AS_IS, AS_IS, m, n, k, factor, a, b, beta, c);
  }

  /** C = factor A B^T + beta C. Shapes: A [m, k], B [n, k], C [m, n]. */
  void multiplyByTransposed(
      int m, int n, int k, float factor, Matrix a, Matrix b, float beta, Matrix c) {
    sgemm(AS_IS, TRANSPOSED, m, n, k, factor, a, b, beta, c);
  }

  /** C = factor A^T B + beta C. Shapes: A [k, m], B [k, n], C [m, n]. */
  void multiplyTransposed(
      int m, int n, int k, float factor, Matrix a, Matrix b, float beta, Matrix c) {
    sgemm(TRANSPOSED, AS_IS, m, n, k, factor, a, b, beta, c);
  }

  /** y += factor A x. Shapes: A [m, n]; x [n] and y [m] contiguous. */
  void addProduct(int m, int n, float factor, Matrix a, Matrix x, Matrix y) {
    sgemv(AS_IS, m, n, factor, a, x, y);
  }

  /** y += factor A^T x. Shapes: A [m, n]; x [m] and y [n] contiguous. */
  void addTransposedProduct(int m, int n, float factor, Matrix a, Matrix x, Matrix y) {
    sgemv(TRANSPOSED, m, n, factor, a, x, y);
  }

  private void sgemv(int transpose, int m, int n, float factor, Matrix a, Matrix x, Matrix y) {
    openblas_nolapack.cblas_sgemv(
        ROW_MAJOR,
        transpose,
        m,
        n,
        factor,
        left.at(a.address()),
        a.stride(),
        right.at(x.address()),
        1,
        1,
        result.at(y.address()),
        1);
    Reference.reachabilityFence(a);
    Reference.reachabilityFence(x);
    Reference.reachabilityFence(y);
  }

  private void sgemm(
      int transposeA,
      int transposeB,
      int m,
      int n,
      int k,
      float factor,
      Matrix a,
      Matrix b,
      float beta,
      Matrix c) {
    openblas_nolapack.cblas_sgemm(
        ROW_MAJOR,
        transposeA,
        transposeB,
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
        c.stride());
    // The library saw addresses only; the memory must outlive the call.
    Reference.reachabilityFence(a);
    Reference.reachabilityFence(b);
    Reference.reachabilityFence(c);
  }
}
