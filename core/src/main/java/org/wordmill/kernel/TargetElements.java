package org.wordmill.kernel;

import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.ops.impl.shape.Gather;
import org.nd4j.linalg.factory.Nd4j;

/** The elements (n, target_n) of an [N, V] matrix, without the rows that are ignored. */
final class TargetElements {
  private final Ids targets;
  private final int[] positions;

  TargetElements(Ids targets, int columns) {
    this.targets = targets;
    this.positions = new int[targets.counted()];
    int[] values = targets.values();
    int next = 0;
    for (int row = 0; row < values.length; row++) {
      if (values[row] != Ids.IGNORED) {
        positions[next++] = Math.addExact(Math.multiplyExact(row, columns), values[row]);
      }
    }
  }

  boolean isEmpty() {
    return positions.length == 0;
  }

  int size() {
    return positions.length;
  }

  /** These elements of {@code flat}, in a new array. */
  INDArray gather(INDArray flat) {
    return Nd4j.exec(new Gather(flat, Nd4j.createFromArray(positions), 0))[0];
  }

  /** Adds to these elements of {@code flat}. */
  void add(INDArray values, INDArray flat) {
    ScatterSum.addDistinct(flat, positions, values);
  }

  /** 1 for each row that counts, 0 for each that is ignored. */
  INDArray countedRows(Precision precision) {
    int[] values = targets.values();
    double[] counted = new double[values.length];
    for (int row = 0; row < values.length; row++) {
      counted[row] = values[row] == Ids.IGNORED ? 0 : 1;
    }
    return Nd4j.createFromArray(counted).castTo(precision.dataType());
  }
}
