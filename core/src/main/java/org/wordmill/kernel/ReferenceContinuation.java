package org.wordmill.kernel;

import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.INDArrayIndex;
import org.nd4j.linalg.indexing.NDArrayIndex;
import org.nd4j.linalg.ops.transforms.Transforms;

/**
 * Causal attention of n new tokens to a cache of M earlier ones and to each other, over ND4J's
 * basic operations; D = C/H.
 *
 * <pre>
 * [K V] rows M .. M+n = [k v]
 * S = q K^T / sqrt(D)  [H, n, M+n]     P_t = softmax of S_t up to M+t     y = P V
 * </pre>
 */
final class ReferenceContinuation {
  private static final double HIDDEN = -1e30;

  private ReferenceContinuation() {}

  static void forward(
      Tensor qkv, int heads, @Nullable Tensor bias, Tensor keysValues, int past, Tensor y) {
    int width = qkv.columns() / 3;
    int known = past + qkv.rows();
    INDArray cache = keysValues.matrix().get(NDArrayIndex.interval(0, known), NDArrayIndex.all());
    cache
        .get(NDArrayIndex.interval(past, known), NDArrayIndex.all())
        .assign(columns(qkv.matrix(), width, 3 * width));
    INDArray q = byHead(columns(qkv.matrix(), 0, width), heads);
    INDArray k = byHead(columns(cache, 0, width), heads);
    INDArray v = byHead(columns(cache, width, 2 * width), heads);

    INDArray heard = heard(past, known).castTo(q.dataType());
    INDArray scores = Nd4j.matmul(q, k, false, true, false).muli(1 / Math.sqrt(width / heads));
    if (bias != null) {
      scores.addi(ReferencePositions.byPair(bias, past, qkv.rows()));
    }
    // Future scores become a very small number before the maximum is taken.
    scores.muli(heard).addi(heard.rsub(1).muli(HIDDEN));
    INDArray e = Transforms.exp(scores.sub(scores.max(true, 2)), false).muli(heard);
    INDArray joined = Nd4j.matmul(e.div(e.sum(true, 2)), v).permute(1, 0, 2).dup('c');
    y.matrix().assign(joined.reshape(y.rows(), y.columns()));
  }

  private static INDArray columns(INDArray matrix, int from, int to) {
    INDArrayIndex all = NDArrayIndex.all();
    return matrix.get(all, NDArrayIndex.interval(from, to));
  }

  /** [N, C] as a contiguous [H, N, D]. */
  private static INDArray byHead(INDArray rows, int heads) {
    long width = rows.columns() / heads;
    return rows.dup('c').reshape(rows.rows(), heads, width).permute(1, 0, 2).dup('c');
  }

  /** Ones where the new token of a row hears the token of a column, as [1, n, past + n]. */
  private static INDArray heard(int past, int known) {
    int rows = known - past;
    double[] ones = new double[rows * known];
    for (int t = 0; t < rows; t++) {
      for (int i = 0; i <= past + t; i++) {
        ones[t * known + i] = 1;
      }
    }
    return Nd4j.createFromArray(ones).reshape(1, rows, known);
  }
}
