package org.wordmill.kernel;

import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;
import org.wordmill.kernel.Blas.Matrix;

/**
 * Causal attention of new tokens to a cache of earlier ones and to each other, reading queries,
 * keys and values where they lie.
 *
 * <p>Formulas as in {@link ReferenceContinuation}.
 */
final class FusedContinuation {
  /** New tokens whose scores are held at once. */
  private static final int BLOCK = 64;

  private final FusedVectors vectors;
  private final Blas blas;
  private final FusedSoftmax softmax;
  private final FusedPositions positions;
  private @Nullable Tensor scratch;

  FusedContinuation(
      FusedVectors vectors, Blas blas, FusedSoftmax softmax, FusedPositions positions) {
    this.vectors = vectors;
    this.positions = positions;
    this.blas = blas;
    this.softmax = softmax;
  }

  void forward(
      Tensor qkv, int heads, @Nullable Tensor bias, Tensor keysValues, int past, Tensor y) {
    int count = qkv.rows();
    int width = qkv.columns() / 3;
    int d = width / heads;
    int pair = 2 * width;
    for (int t = 0; t < count; t++) {
      int from = (3 * t + 1) * width;
      vectors.copy(qkv.bytes(), from, keysValues.bytes(), (past + t) * pair, pair, false);
    }
    Lanes.clear(y.bytes(), 0, count * width);
    for (int head = 0; head < heads; head++) {
      Matrix queries = new Matrix(qkv, (long) head * d, 3 * width);
      Matrix keys = new Matrix(keysValues, (long) head * d, pair);
      Matrix out = new Matrix(y, (long) head * d, width);
      if (bias != null) {
        positions.use(bias, head);
      }
      for (int t = 0; t < count; t += BLOCK) {
        block(
            Math.min(BLOCK, count - t),
            past + t,
            d,
            bias == null ? 0 : bias.columns(),
            queries.from(t * 3L * width),
            keys,
            keys.from(width),
            out.from((long) t * width));
      }
    }
  }

  /**
   * One head of {@code rows} tokens behind {@code before} others; adds to {@code out}.
   *
   * @param biases how many of them are in use, 0 for none
   */
  private void block(
      int rows,
      int before,
      int d,
      int biases,
      Matrix queries,
      Matrix keys,
      Matrix values,
      Matrix out) {
    int known = before + rows;
    float factor = (float) (1 / Math.sqrt(d));
    Tensor weights = scratch((long) rows * known);
    ByteBuffer memory = weights.bytes();
    Matrix p = new Matrix(weights, 0, known);
    if (rows == 1) {
      Lanes.clear(memory, 0, known);
      blas.addProduct(known, d, factor, keys, queries, p);
      if (biases > 0) {
        positions.addTo(memory, 0, before, biases);
      }
      weigh(memory, 0, known, known);
      blas.addTransposedProduct(known, d, 1, values, p, out);
    } else {
      blas.multiplyByTransposed(rows, known, d, factor, queries, keys, 0, p);
      for (int r = 0; r < rows; r++) {
        if (biases > 0) {
          positions.addTo(memory, r * known, before + r, biases);
        }
        weigh(memory, r * known, before + r + 1, known);
      }
      blas.multiply(rows, d, known, 1, p, values, 1, out);
    }
  }

  /** Softmax of {@code heard} elements in place, zeros behind them as far as {@code known}. */
  private void weigh(ByteBuffer memory, int start, int heard, int known) {
    float maximum = softmax.maximum(memory, start, heard);
    float sum = softmax.exponentials(memory, memory, start, heard, maximum);
    softmax.scale(memory, start, heard, 1 / sum);
    Lanes.clear(memory, start + heard, start + known);
  }

  /** At least {@code size} elements, kept for the next call. */
  private Tensor scratch(long size) {
    Tensor known = scratch;
    if (known == null || known.size() < size) {
      known = Tensor.zeroVector(Precision.FLOAT, Long.highestOneBit(size) * 2);
      scratch = known;
    }
    return known;
  }
}
