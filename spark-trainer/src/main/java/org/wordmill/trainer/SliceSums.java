package org.wordmill.trainer;

import java.io.IOException;
import java.io.Serializable;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.spark.storage.BlockManagerId;
import org.wordmill.kernel.Kernels;
import org.wordmill.kernel.Precision;
import org.wordmill.kernel.Tensor;
import org.wordmill.train.GradientPrecision;
import org.wordmill.train.VectorBlocks;

/**
 * The work of the tasks that add up the gradients of a step: each some slices of all partitions, in
 * the order of the partitions. A pure function of the gradients, so that it may run again, or
 * twice, anywhere.
 *
 * @param work that has left the gradients
 * @param places where, by partition
 */
record SliceSums(PartitionWork work, List<BlockManagerId> places, Slicing slicing)
    implements Serializable {

  /** The sum, slice by slice, that the processes of all tasks keep together. */
  static KeptVector sum(PartitionWork work, Slicing slicing) {
    return new KeptVector(
        work.parameters().blocks(),
        "sum",
        slicing.elements(),
        slicing.slice(),
        GradientPrecision.FLOAT);
  }

  /** The slices that a task adds up. */
  static List<Integer> slices(Slicing slicing, int task) {
    return IntStream.range(slicing.first(task), slicing.first(task + 1)).boxed().toList();
  }

  /** Takes the sum of a task's slices, kept by this process. */
  KeptSum sum(int task) throws InterruptedException {
    work.begin();
    KeptVector kept = sum(work, slicing);
    List<Integer> slices = slices(slicing, task);
    int from = kept.from(slices.get(0));
    int last = slices.get(slices.size() - 1);
    float[] sum = new float[kept.from(last) + kept.length(last) - from];
    SliceAdder adder = new SliceAdder(sum, from, slicing.slice());
    for (int partition = 0; partition < places.size(); partition++) {
      boolean first = partition == 0;
      KeptVector gradient = work.gradientOf(partition, slicing.slice());
      try {
        gradient.read(
            places.get(partition),
            slices,
            (slice, parts) -> adder.add(gradient, first, slice, parts));
      } catch (IOException e) {
        return KeptSum.without(task, partition, e);
      }
    }
    return KeptSum.of(task, keep(kept, slices, sum));
  }

  /** Returns the squares, block by block: slices are whole blocks of the vector. */
  private List<Double> keep(KeptVector kept, List<Integer> slices, float[] sum) {
    Kernels kernels = work.spec().config().kernels().create(Precision.FLOAT);
    List<Double> squares = new ArrayList<>();
    int at = 0;
    for (int slice : slices) {
      ByteBuffer bytes = SliceBytes.of(sum, at, kept.length(slice), kept.precision());
      at += kept.length(slice);
      VectorBlocks blocks = new VectorBlocks(kernels.within(Tensor.floatsOver(bytes)));
      for (int i = 0; i < blocks.count(); i++) {
        squares.add(kernels.sumOfSquares(blocks.block(i)));
      }
      kept.keep(slice, bytes);
    }
    return squares;
  }
}
