package org.wordmill.kernel;

import com.sun.jna.Function;
import com.sun.jna.Pointer;
import java.lang.ref.Reference;
import java.nio.ByteBuffer;
import org.bytedeco.javacpp.BytePointer;
import org.jspecify.annotations.Nullable;

/**
 * Matrix products whose factors are rounded to {@link Bfloat16} and whose sums are taken in single
 * precision, by oneDNN. The factors and results in memory are single precision as everywhere;
 * rounded copies of the factors live for one product in memory that grows to the largest one.
 *
 * <p>The function is oneDNN's {@code dnnl_gemm_bf16bf16f32}, which its library exports and its
 * header does not declare. The declared way, a matmul primitive for each shape, is slower where the
 * result is large and where products are added to it.
 */
final class Bfloat16Products extends Blas {
  private final Function gemm = OneDnn.bfloat16Gemm();
  private final Rounded left = new Rounded();
  private final Rounded right = new Rounded();
  private boolean held;

  Bfloat16Products() {
    OneDnn.useOneThread();
  }

  @Override
  String library() {
    return "oneDNN in bfloat16";
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
    left.set(a, transposeA ? k : m, transposeA ? m : k);
    right.set(b, transposeB ? n : k, transposeB ? k : n);
    Object[] arguments = {
      OneDnn.operation(transposeA),
      OneDnn.operation(transposeB),
      (long) m,
      (long) n,
      (long) k,
      factor,
      left.address,
      (long) (transposeA ? m : k),
      right.address,
      (long) (transposeB ? k : n),
      beta,
      new Pointer(c.address()),
      (long) c.stride()
    };
    OneDnn.check(gemm.invokeInt(arguments));
    if (!held) {
      left.forget();
    }
    right.forget();
    Reference.reachabilityFence(a);
    Reference.reachabilityFence(b);
    Reference.reachabilityFence(c);
  }

  @Override
  void holdLeft() {
    held = true;
  }

  @Override
  void release() {
    held = false;
    left.forget();
  }

  /** A matrix in bfloat16, row after row without gaps. */
  private static final class Rounded {
    private BytePointer memory = new BytePointer(0L);
    private ByteBuffer bytes = memory.asBuffer();
    private Pointer address = Pointer.NULL;
    private @Nullable Matrix content;

    void forget() {
      content = null;
    }

    void set(Matrix matrix, int rows, int columns) {
      if (matrix.equals(content)) {
        return;
      }
      int size = Math.multiplyExact(Math.multiplyExact(rows, columns), Bfloat16.BYTES);
      if (memory.capacity() < size) {
        memory.close();
        memory = new BytePointer(size);
        bytes = memory.asBuffer().order(Lanes.ORDER);
        address = new Pointer(memory.address());
      }
      ByteBuffer from = matrix.tensor().bytes();
      int first = Math.toIntExact(matrix.offset());
      if (matrix.stride() == columns) {
        Bfloat16.round(from, first, bytes, 0, rows * columns);
      } else {
        for (int row = 0; row < rows; row++) {
          Bfloat16.round(from, first + row * matrix.stride(), bytes, row * columns, columns);
        }
      }
      content = matrix;
    }
  }
}
