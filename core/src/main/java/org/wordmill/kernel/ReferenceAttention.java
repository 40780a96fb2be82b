package org.wordmill.kernel;

import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.INDArrayIndex;
import org.nd4j.linalg.indexing.NDArrayIndex;
import org.nd4j.linalg.ops.transforms.Transforms;

/**
 * Causal attention over ND4J's basic operations, with queries, keys and values copied to [B, H, T,
 * D] first (D = C/H).
 *
 * <pre>
 * forward   S = Q K^T / sqrt(D)    P = softmax of S up to the diagonal    Y = drop(P) V
 * backward  dV = drop(P)^T dY      dP = drop(dY V^T)
 *           dS = P (dP - sum_j dP_j P_j) / sqrt(D)     dQ = dS K     dK = dS^T Q
 * </pre>
 *
 * With a bias, S has it added, and its gradient is the sum of sqrt(D) dS over the pairs of one
 * distance.
 */
final class ReferenceAttention {
  private static final double HIDDEN = -1e30;

  void forward(
      Tensor qkv, int heads, @Nullable Tensor bias, DropoutMask dropout, Tensor y, Tensor weights) {
    INDArray scores = Nd4j.matmul(part(qkv, heads, 0), part(qkv, heads, 1), false, true, false);
    int time = qkv.dimension(-2);
    scores.muli(1 / Math.sqrt(headWidth(qkv, heads)));
    if (bias != null) {
      scores.addi(ReferencePositions.byPair(bias, 0, time).reshape(1, heads, time, time));
    }
    INDArray past = past(time, scores.dataType());
    // Future scores become a very small number before the maximum is taken.
    scores.muli(past).addi(past.rsub(1).muli(HIDDEN));
    INDArray e = Transforms.exp(scores.sub(scores.max(true, 3)), false).muli(past);
    INDArray p = e.div(e.sum(true, 3));
    weights.array().assign(p);
    INDArray heard = Nd4j.matmul(dropped(p, dropout), part(qkv, heads, 2));
    INDArray joined = heard.permute(0, 2, 1, 3).dup('c');
    y.matrix().assign(joined.reshape(y.rows(), y.columns()));
  }

  /** The gradient as [B T, 3 C]; that of the bias adds. */
  INDArray backward(
      Tensor qkv,
      int heads,
      DropoutMask dropout,
      Tensor weights,
      Tensor dy,
      @Nullable Tensor dBias) {
    int batch = qkv.dimension(0);
    int time = qkv.dimension(1);
    int width = headWidth(qkv, heads);
    INDArray p = weights.array();
    INDArray dHeard = dy.vector().reshape(batch, time, heads, width).permute(0, 2, 1, 3).dup('c');
    INDArray q = part(qkv, heads, 0);
    INDArray k = part(qkv, heads, 1);
    INDArray v = part(qkv, heads, 2);
    INDArray dV = Nd4j.matmul(dropped(p, dropout), dHeard, true, false, false);
    INDArray dP = dropped(Nd4j.matmul(dHeard, v, false, true, false), dropout);
    INDArray dS = dP.sub(dP.mul(p).sum(true, 3)).muli(p);
    if (dBias != null) {
      ReferencePositions.addGradient(dS, dBias);
    }
    dS.muli(1 / Math.sqrt(width));
    INDArray dQ = Nd4j.matmul(dS, k);
    INDArray dK = Nd4j.matmul(dS, q, true, false, false);
    INDArray joined = Nd4j.create(qkv.precision().dataType(), batch, time, 3, heads, width);
    INDArray[] parts = {dQ, dK, dV};
    for (int i = 0; i < parts.length; i++) {
      joined
          .get(all(), all(), NDArrayIndex.point(i), all(), all())
          .assign(parts[i].permute(0, 2, 1, 3));
    }
    return joined.reshape(qkv.rows(), qkv.columns());
  }

  /** Queries (0), keys (1) or values (2) as a contiguous [B, H, T, D]. */
  private static INDArray part(Tensor qkv, int heads, int which) {
    return qkv.vector()
        .reshape(qkv.dimension(0), qkv.dimension(1), 3, heads, headWidth(qkv, heads))
        .get(all(), all(), NDArrayIndex.point(which), all(), all())
        .permute(0, 2, 1, 3)
        .dup('c');
  }

  private static INDArrayIndex all() {
    return NDArrayIndex.all();
  }

  private static int headWidth(Tensor qkv, int heads) {
    return qkv.columns() / 3 / heads;
  }

  /** Ones up to the diagonal, zeros above, as [1, 1, T, T]. */
  private static INDArray past(int time, DataType type) {
    double[] ones = new double[time * time];
    for (int i = 0; i < time; i++) {
      for (int j = 0; j <= i; j++) {
        ones[i * time + j] = 1;
      }
    }
    return Nd4j.createFromArray(ones).castTo(type).reshape(1, 1, time, time);
  }

  private static INDArray dropped(INDArray p, DropoutMask dropout) {
    if (dropout.threshold() == 0) {
      return p;
    }
    double[] factors = new double[Math.toIntExact(p.length())];
    dropout.factors(0, factors);
    return Nd4j.createFromArray(factors).castTo(p.dataType()).reshape(p.shape()).muli(p);
  }
}
