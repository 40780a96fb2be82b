package org.wordmill.kernel;

import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** Positions inside attention, element by element. */
final class ReferencePositions {
  private ReferencePositions() {}

  /** What {@link Kernels#rotary} says; D = C/H, and rows of the table are [cosines, sines]. */
  static void rotate(Tensor qkv, int heads, Tensor table, int first, boolean inverse) {
    int columns = qkv.columns();
    int time = qkv.dimension(-2);
    int d = columns / 3 / heads;
    double[] x = qkv.toDoubles();
    double[] turns = table.toDoubles();
    for (int row = 0; row < qkv.rows(); row++) {
      for (int head = 0; head < 2 * heads; head++) {
        for (int i = 0; i < d / 2; i++) {
          int turn = (first + row % time) * d + i;
          double cos = turns[turn];
          double sin = inverse ? -turns[turn + d / 2] : turns[turn + d / 2];
          int at = row * columns + head * d + i;
          double a = x[at];
          double b = x[at + d / 2];
          x[at] = a * cos - b * sin;
          x[at + d / 2] = b * cos + a * sin;
        }
      }
    }
    qkv.copyFrom(x);
  }

  /** b[h, past + i - j] as [H, queries, past + queries], zero where j is in the future. */
  static INDArray byPair(Tensor bias, int past, int queries) {
    int heads = bias.rows();
    int known = past + queries;
    double[] b = bias.toDoubles();
    double[] pairs = new double[heads * queries * known];
    for (int h = 0; h < heads; h++) {
      for (int i = 0; i < queries; i++) {
        for (int j = 0; j <= past + i; j++) {
          pairs[(h * queries + i) * known + j] = b[h * bias.columns() + past + i - j];
        }
      }
    }
    return Nd4j.createFromArray(pairs)
        .castTo(bias.precision().dataType())
        .reshape(heads, queries, known);
  }

  /** dbias[h, i - j] += the gradients of the scores [B, H, T, T] of that distance. */
  static void addGradient(INDArray dScores, Tensor dBias) {
    int batch = (int) dScores.size(0);
    int heads = (int) dScores.size(1);
    int time = (int) dScores.size(2);
    double[] d =
        dScores
            .dup('c')
            .castTo(Precision.DOUBLE.dataType())
            .reshape(dScores.length())
            .toDoubleVector();
    double[] sums = dBias.toDoubles();
    for (int n = 0; n < batch * heads; n++) {
      for (int i = 0; i < time; i++) {
        for (int j = 0; j <= i; j++) {
          sums[n % heads * dBias.columns() + i - j] += d[(n * time + i) * time + j];
        }
      }
    }
    dBias.copyFrom(sums);
  }
}
