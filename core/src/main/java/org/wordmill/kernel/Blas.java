package org.wordmill.kernel;

import java.lang.ref.Reference;
import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.javacpp.Pointer;
import org.bytedeco.openblas.global.openblas_nolapack;
import org.wordmill.error.ExitCode;
import org.wordmill.error.WordmillException;

/**
 * Single precision matrix products by OpenBLAS on parts of tensors, without copies: a matrix is an
 * offset into a tensor and a distance from row to row. One instance belongs to one thread. Other
 * libraries and other precisions of the factors are subclasses.
 */
class Blas {
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

    long address() {
      return tensor.address() + offset * Float.BYTES;
    }
  }

  /** A pointer that is pointed at one operand after the other. */
  static final class Operand extends FloatPointer {
    Operand() {
      super((Pointer) null);
    }

    Operand at(long address) {
      this.address = address;
      return this;
    }
  }

  private static final String PROPERTY = "wordmill.blas";
  private static final String PRESET = "org.bytedeco.openblas.load";

  private final Operand left = new Operand();
  private final Operand right = new Operand();
  private final Operand result = new Operand();

  /**
   * By the library that is fastest here: oneDNN where there are natives of it, otherwise OpenBLAS,
   * or what JavaCPP loads in its place ({@code -Dorg.bytedeco.openblas.load=mkl}). {@code
   * -Dwordmill.blas=openblas} or {@code onednn} decides otherwise.
   *
   * @throws WordmillException USAGE for another name, or where oneDNN was asked for and is not
   */
  static Blas best() {
    String asked = System.getProperty(PROPERTY, "");
    return switch (asked) {
      case "" ->
          System.getProperty(PRESET) == null && OneDnn.obstacle().isEmpty()
              ? new OneDnn()
              : new Blas();
      case "openblas" -> new Blas();
      case "onednn" -> {
        if (!OneDnn.obstacle().isEmpty()) {
          throw unusable(asked, OneDnn.obstacle());
        }
        yield new OneDnn();
      }
      default -> throw unusable(asked, "that is not its name");
    };
  }

  private static WordmillException unusable(String library, String why) {
    return new WordmillException(
        ExitCode.USAGE,
        "no matrix products by '" + library + "': " + why,
        "-D" + PROPERTY,
        "choose openblas or onednn");
  }

  /** Who multiplies, for logs. */
  String library() {
    return System.getProperty(PRESET, "OpenBLAS");
  }

  /** C = factor A B + beta C. Shapes: A [m, k], B [k, n], C [m, n]. */
  final void multiply(int m, int n, int k, float factor, Matrix a, Matrix b, float beta, Matrix c) {
    product(false, false, m, n, k, factor, a, b, beta, c);
  }

  /** C = factor A B^T + beta C. Shapes: A [m, k], B [n, k], C [m, n]. */
  final void multiplyByTransposed(
      int m, int n, int k, float factor, Matrix a, Matrix b, float beta, Matrix c) {
    product(false, true, m, n, k, factor, a, b, beta, c);
  }

  /** C = factor A^T B + beta C. Shapes: A [k, m], B [k, n], C [m, n]. */
  final void multiplyTransposed(
      int m, int n, int k, float factor, Matrix a, Matrix b, float beta, Matrix c) {
    product(true, false, m, n, k, factor, a, b, beta, c);
  }

  /** The left factor of products stays as it is until {@link #release}: what was made of it too. */
  void holdLeft() {}

  /** Ends what {@link #holdLeft} began. */
  void release() {}

  /** y += factor A x. Shapes: A [m, n]; x [n] and y [m] contiguous. */
  final void addProduct(int m, int n, float factor, Matrix a, Matrix x, Matrix y) {
    sgemv(AS_IS, m, n, factor, a, x, y);
  }

  /** y += factor A^T x. Shapes: A [m, n]; x [m] and y [n] contiguous. */
  final void addTransposedProduct(int m, int n, float factor, Matrix a, Matrix x, Matrix y) {
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

  /**
   * C = factor op(A) op(B) + beta C, where op transposes or not. Shapes: op(A) [m, k], op(B) [k,
   * n].
   */
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
    openblas_nolapack.cblas_sgemm(
        ROW_MAJOR,
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
        c.stride());
    // The library saw addresses only; the memory must outlive the call.
    Reference.reachabilityFence(a);
    Reference.reachabilityFence(b);
    Reference.reachabilityFence(c);
  }
}
