package org.wordmill.kernel;

import java.util.Arrays;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.ops.DynamicCustomOp;
import org.nd4j.linalg.factory.Nd4j;

/** target[indices[n]] += rows[n], in place. */
final class ScatterSum {
  private ScatterSum() {}

  /**
   * Adds rows of a matrix, in the order of n. ND4J lets several threads add to one row of the
   * target at once, which loses additions, or locks, which leaves their order to chance; so the
   * rows of each index are added up first.
   */
  static void addRows(INDArray target, int[] indices, Tensor rows) {
    int columns = rows.columns();
    int[] distinct = Arrays.stream(indices).sorted().distinct().toArray();
    double[] sums = new double[distinct.length * columns];
    double[] values = rows.toDoubles();
    for (int n = 0; n < indices.length; n++) {
      int place = Arrays.binarySearch(distinct, indices[n]) * columns;
      for (int i = 0; i < columns; i++) {
        sums[place + i] += values[n * columns + i];
      }
    }
    INDArray added = Nd4j.createFromArray(sums).castTo(target.dataType());
    addDistinct(target, distinct, added.reshape(distinct.length, columns));
  }

  /** Adds to elements or rows of which each occurs once. */
  static void addDistinct(INDArray target, int[] indices, INDArray rows) {
    // ND4J's ScatterAdd class adds into a copy; the operation itself adds in place if told to.
    Nd4j.exec(
        DynamicCustomOp.builder("scatter_add")
            .addInputs(target, Nd4j.createFromArray(indices), rows)
            .addOutputs(target)
            .build());
  }
}
