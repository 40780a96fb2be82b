package org.wordmill.kernel;

import java.nio.ByteBuffer;
import jdk.incubator.vector.FloatVector;
import org.jspecify.annotations.Nullable;
import org.wordmill.kernel.Blas.Matrix;

/**
 * Causal attention by blocks of rows: the scores of a block reach as far as its last row may hear,
 * and what lies right of that is never computed. Queries, keys and values are read where they lie
 * in [B, T, 3C], and the heads are written side by side.
 *
 * <p>Formulas as in {@link ReferenceAttention}.
 */
final class FusedAttention {
  /** Rows of a block: few enough to waste little above the diagonal, enough for the products. */
  private static final int BLOCK = 64;

  private final Lanes lanes;
  private final Blas blas;
  private final FusedSoftmax softmax;
  private final FusedPositions positions;
  private @Nullable Tensor scratch;

  FusedAttention(Lanes lanes, Blas blas, FusedSoftmax softmax, FusedPositions positions) {
    this.lanes = lanes;
    this.positions = positions;
    this.softmax = softmax;
    this.blas = blas;
  }

  void forward(
      Tensor qkv, int heads, @Nullable Tensor bias, DropoutMask mask, Tensor y, Tensor weights) {
    int time = qkv.dimension(1);
    int width = qkv.columns() / 3;
    int d = width / heads;
    float factor = (float) (1 / Math.sqrt(d));
    ByteBuffer memory = weights.bytes();
    Tensor dropped = mask.threshold() == 0 ? weights : scratch(time);
    for (int head = 0; head < qkv.dimension(0) * heads; head++) {
      Matrix q = head(qkv, 3 * width, time, heads, d, head);
      Matrix k = q.from(width);
      Matrix v = q.from(2L * width);
      Matrix out = head(y, width, time, heads, d, head);
      int first = head * time * time;
      if (bias != null) {
        positions.use(bias, head % heads);
      }
      for (int row = 0; row < time; row += BLOCK) {
        int rows = Math.min(BLOCK, time - row);
        int known = row + rows;
        int at = first + row * time;
        Matrix p = new Matrix(weights, at, time);
        blas.multiplyByTransposed(rows, known, d, factor, q.from(row * 3L * width), k, 0, p);
        for (int r = 0; r < rows; r++) {
          if (bias != null) {
            positions.addTo(memory, at + r * time, row + r, bias.columns());
          }
          weigh(memory, at + r * time, row + r + 1, known);
        }
        if (mask.threshold() != 0) {
          p = new Matrix(dropped, 0, time);
          ByteBuffer kept = dropped.bytes();
          for (int r = 0; r < rows; r++) {
            int skip = r * time;
            FusedDropout.apply(mask, at + skip, memory, at + skip, kept, skip, known, false);
          }
        }
        blas.multiply(rows, d, known, 1, p, v, 0, out.from((long) row * width));
      }
    }
  }

  void backward(
      Tensor qkv,
      int heads,
      DropoutMask mask,
      Tensor weights,
      Tensor dy,
      Tensor dQkv,
      boolean accumulate,
      @Nullable Tensor dBias) {
    int time = qkv.dimension(1);
    int width = qkv.columns() / 3;
    int d = width / heads;
    float factor = (float) (1 / Math.sqrt(d));
    ByteBuffer memory = weights.bytes();
    Tensor work = scratch(time);
    int half = BLOCK * time;
    ByteBuffer workMemory = work.bytes();
    Matrix dS = new Matrix(work, 0, time);
    int lastBlock = (time - 1) / BLOCK * BLOCK;
    for (int head = 0; head < qkv.dimension(0) * heads; head++) {
      Matrix q = head(qkv, 3 * width, time, heads, d, head);
      Matrix k = q.from(width);
      Matrix v = q.from(2L * width);
      Matrix dQ = head(dQkv, 3 * width, time, heads, d, head);
      Matrix dK = dQ.from(width);
      Matrix dV = dQ.from(2L * width);
      Matrix dOut = head(dy, width, time, heads, d, head);
      int first = head * time * time;
      float keep = accumulate ? 1 : 0;
      if (dBias != null) {
        positions.beginGradient(dBias.columns());
      }
      // The last block hears every position, so it can overwrite what the others then add to.
      for (int row = lastBlock; row >= 0; row -= BLOCK) {
        int rows = Math.min(BLOCK, time - row);
        int known = row + rows;
        int at = first + row * time;
        Matrix dOutBlock = dOut.from((long) row * width);
        blas.multiplyByTransposed(rows, known, d, 1, dOutBlock, v, 0, dS);
        Matrix p = new Matrix(weights, at, time);
        if (mask.threshold() != 0) {
          p = new Matrix(work, half, time);
          for (int r = 0; r < rows; r++) {
            int skip = r * time;
            FusedDropout.applyToBoth(
                mask,
                at + skip,
                memory,
                at + skip,
                workMemory,
                half + skip,
                workMemory,
                skip,
                known);
          }
        }
        blas.multiplyTransposed(known, d, rows, 1, p, dOutBlock, keep, dV);
        for (int r = 0; r < rows; r++) {
          softmaxSlope(memory, at + r * time, workMemory, r * time, known);
          if (dBias != null) {
            positions.gather(workMemory, r * time, row + r, dBias.columns());
          }
        }
        long queryRow = row * 3L * width;
        blas.multiply(rows, d, known, factor, dS, k, accumulate ? 1 : 0, dQ.from(queryRow));
        blas.multiplyTransposed(known, d, rows, factor, dS, q.from(queryRow), keep, dK);
        keep = 1;
      }
      if (dBias != null) {
        positions.endGradient(dBias, head % heads);
      }
    }
  }

  /** The rows of one head of one sequence in a [B, T, stride]. */
  private static Matrix head(Tensor tensor, int stride, int time, int heads, int d, int head) {
    long sequence = head / heads;
    return new Matrix(tensor, sequence * time * stride + (long) (head % heads) * d, stride);
  }

  /** Two blocks of rows, kept for the next call. */
  private Tensor scratch(int time) {
    Tensor known = scratch;
    if (known == null || known.size() < 2L * BLOCK * time) {
      known = Tensor.zeros(Precision.FLOAT, 2, BLOCK, time);
      scratch = known;
    }
    return known;
  }

  /** Softmax of {@code heard} elements in place, zeros behind them as far as {@code known}. */
  private void weigh(ByteBuffer memory, int start, int heard, int known) {
    // Where there is room for whole vectors, the first elements that are not heard join in with
    // a weight of nothing.
    int padded = Lanes.whole(heard + Lanes.WIDTH - 1);
    int count = padded <= known ? padded : heard;
    for (int i = heard; i < count; i++) {
      memory.putFloat((start + i) << 2, Float.NEGATIVE_INFINITY);
    }
    float maximum = softmax.maximum(memory, start, count);
    float sum = softmax.exponentials(memory, memory, start, count, maximum);
    softmax.scale(memory, start, count, 1 / sum);
    Lanes.clear(memory, start + heard, start + known);
  }

  /** dS = P (dP - sum_j dP_j P_j) in place of dP; P is zero where nothing is heard. */
  private void softmaxSlope(ByteBuffer p, int pStart, ByteBuffer dp, int dpStart, int known) {
    int whole = Lanes.whole(known);
    int rest = known - whole;
    FloatVector products = Lanes.all(0);
    for (int i = 0; i < whole; i += Lanes.WIDTH) {
      products = Lanes.load(p, pStart + i).fma(Lanes.load(dp, dpStart + i), products);
    }
    FloatVector pTail = Lanes.all(0);
    FloatVector dpTail = Lanes.all(0);
    if (rest > 0) {
      pTail = lanes.load(p, pStart + whole, rest, 0);
      dpTail = lanes.load(dp, dpStart + whole, rest, 0);
      products = pTail.fma(dpTail, products);
    }
    float inner = lanes.sum(products);
    for (int i = 0; i < whole; i += Lanes.WIDTH) {
      FloatVector v = Lanes.load(dp, dpStart + i).sub(inner).mul(Lanes.load(p, pStart + i));
      Lanes.store(v, dp, dpStart + i);
    }
    if (rest > 0) {
      lanes.store(dpTail.sub(inner).mul(pTail), dp, dpStart + whole, rest);
    }
  }
}
