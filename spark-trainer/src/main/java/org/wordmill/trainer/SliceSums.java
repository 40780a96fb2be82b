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

  /** {@link #sum} in a task of the step. */
  KeptSum sumInTask(int task) throws InterruptedException {
    work.begin();
    return sum(task);
  }

  /** Takes the sum of a task's slices, kept by this process. */
  KeptSum sum(int task) throws InterruptedException {
    KeptVector kept = sum(work, slicing);
    List<Integer> slices = slices(slicing, task);
    int begin = slices.get(0);
    List<ByteBuffer> sums =
        slices.stream().map(slice -> SliceBytes.zeros(kept.length(slice))).toList();
    SliceAdder adder = new SliceAdder(gradient(0));
    for (int partition = 0; partition < places.size(); partition++) {
      boolean first = partition == 0;
      try {
        gradient(partition)
            .read(
                places.get(partition),
                slices,
                (slice, parts) -> adder.add(parts, first, sums.get(slice - begin).asFloatBuffer()));
      } catch (IOException e) {
        return KeptSum.without(task, partition, e);
      }
    }
    List<Double> squares = squares(sums);
    for (int slice : slices) {
      kept.keep(slice, sums.get(slice - begin));
    }
    return KeptSum.of(task, squares);
  }

  private KeptVector gradient(int partition) {
    return work.gradientOf(partition, slicing.slice());
  }

  /** The squares of the sums, block by block: slices are whole blocks of the vector. */
  private List<Double> squares(List<ByteBuffer> sums) {
    Kernels kernels = work.spec().config().kernels().create(Precision.FLOAT);
    List<Double> squares = new ArrayList<>();
    for (ByteBuffer sum : sums) {
      VectorBlocks blocks = new VectorBlocks(kernels.within(Tensor.floatsOver(sum)));
      for (int i = 0; i < blocks.count(); i++) {
        squares.add(kernels.sumOfSquares(blocks.block(i)));
      }
    }
    return squares;
  }
}
