package org.wordmill.kernel;

import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.ops.DynamicCustomOp;
import org.nd4j.linalg.factory.Nd4j;

/** target[indices[n]] += rows[n] in the order of n, in place. */
final class ScatterSum {
  private ScatterSum() {}

  static void add(INDArray target, int[] indices, INDArray rows) {
    // ND4J's ScatterAdd class adds into a copy; the operation itself adds in place if told to. The
    // boolean is its lock: without it, several threads add to one row at once and lose additions.
    Nd4j.exec(
        DynamicCustomOp.builder("scatter_add")
            .addInputs(target, Nd4j.createFromArray(indices), rows)
            .addOutputs(target)
            .addBooleanArguments(true)
            .build());
  }
}
