package org.wordmill.kernel.cuda;

/**
 * C = alpha op(A) op(B) + beta C for row-major matrices, or a batch of such products with the
 * matrices at equal distances. op(A) is [m, k], op(B) [k, n], C [m, n].
 */
record Product(
    int m,
    int n,
    int k,
    double alpha,
    Matrix a,
    boolean transposeA,
    Matrix b,
    boolean transposeB,
    double beta,
    Matrix c,
    int batch) {

  /**
   * A row-major matrix in device memory.
   *
   * @param address of the first element of the first matrix of a batch, in bytes
   * @param leading elements from one row to the next
   * @param stride elements from one matrix of a batch to the next
   */
  record Matrix(long address, int leading, long stride) {}

  /**
   * The same product as BLAS takes it, which thinks in columns: a row-major matrix is the
   * transposed of the column-major one in the same memory, and C^T = op(B)^T op(A)^T. So the
   * factors change places and keep their flags, and rows and columns of the result change names.
   */
  record ColumnMajor(
      boolean transposeFirst,
      boolean transposeSecond,
      int rows,
      int columns,
      int inner,
      Matrix first,
      Matrix second,
      Matrix result) {}

  ColumnMajor columnMajor() {
    return new ColumnMajor(transposeB, transposeA, n, m, k, b, a, c);
  }

  static Product single(
      int m,
      int n,
      int k,
      Matrix a,
      boolean transposeA,
      Matrix b,
      boolean transposeB,
      boolean accumulate,
      Matrix c) {
    return new Product(m, n, k, 1, a, transposeA, b, transposeB, accumulate ? 1 : 0, c, 1);
  }
}
