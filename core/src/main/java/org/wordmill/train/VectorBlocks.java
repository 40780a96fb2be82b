package org.wordmill.train;

import org.wordmill.kernel.Kernels;
import org.wordmill.kernel.Tensor;

/**
 * A flat vector cut into blocks of one fixed size. Threads share out the blocks, and sums over the
 * whole vector are taken block by block and then over the blocks in order, so that the number of
 * threads changes no bit.
 */
public final class VectorBlocks {
  /** The elements of every block but the last. */
  public static final int SIZE = 1 << 18;

  private final Tensor[] blocks;

  /** Views of {@code flat}, made once and used at every step. */
  public VectorBlocks(Tensor flat) {
    blocks = new Tensor[(int) ((flat.size() + SIZE - 1) / SIZE)];
    for (int i = 0; i < blocks.length; i++) {
      long from = (long) i * SIZE;
      blocks[i] = flat.view(from, (int) Math.min(SIZE, flat.size() - from));
    }
  }

  /** The number of blocks. */
  public int count() {
    return blocks.length;
  }

  /** Block {@code i} of the vector. */
  public Tensor block(int i) {
    return blocks[i];
  }

  /** The sum of the squares of all elements. */
  public double sumOfSquares(Kernels kernels) {
    double sum = 0;
    for (Tensor block : blocks) {
      sum += kernels.sumOfSquares(block);
    }
    return sum;
  }

  /**
   * Whether no element is infinite or NaN. A plain loop, for once in a run: a vector loop that
   * nothing has run before makes a gigabyte of garbage on a large model until it is compiled.
   */
  public boolean isFinite() {
    float[] values = new float[0];
    for (Tensor block : blocks) {
      int size = Math.toIntExact(block.size());
      if (values.length != size) {
        values = new float[size];
      }
      block.copyTo(values);
      for (float value : values) {
        if (!Float.isFinite(value)) {
          return false;
        }
      }
    }
    return true;
  }
}
