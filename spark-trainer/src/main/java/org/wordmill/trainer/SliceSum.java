package org.wordmill.trainer;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Adds up the same slice of every partition's gradient, in the order of the partitions: ((g0 + g1)
 * + g2) + ..., whatever the order in which they come. One that comes early waits for those before
 * it, so the memory is that of the sum and of the slices out of order.
 */
final class SliceSum {
  private final @Nullable GradientSlice[] early;
  private final List<PartialSum> parts = new ArrayList<>();
  private float[] sum = {};

  /**
   * @param partitions that will come
   */
  SliceSum(int partitions) {
    this.early = new GradientSlice[partitions];
  }

  /**
   * Takes a slice, whose array may become the sum's.
   *
   * @throws IllegalStateException when the partition has come before, or its slice is not as long
   *     as the others
   */
  void add(GradientSlice slice) {
    int partition = slice.part().partition();
    if (partition < parts.size() || early[partition] != null) {
      throw new IllegalStateException("the gradient of partition " + partition + " came twice");
    }
    early[partition] = slice;
    while (parts.size() < early.length) {
      GradientSlice next = early[parts.size()];
      if (next == null) {
        return;
      }
      early[parts.size()] = null;
      append(next);
    }
  }

  private void append(GradientSlice slice) {
    float[] values = slice.values().array();
    if (parts.isEmpty()) {
      sum = values;
    } else {
      if (values.length != sum.length) {
        throw new IllegalStateException(
            "partition "
                + slice.part().partition()
                + " has a slice of "
                + values.length
                + " elements, those before it of "
                + sum.length);
      }
      for (int i = 0; i < sum.length; i++) {
        sum[i] += values[i];
      }
    }
    parts.add(slice.part());
  }

  /**
   * The sum over all partitions.
   *
   * @throws IllegalStateException when one has not come
   */
  SummedSlice result() {
    if (parts.size() < early.length) {
      throw new IllegalStateException("the gradient of partition " + parts.size() + " is missing");
    }
    return new SummedSlice(parts, new FloatVector.OfArray(sum));
  }
}
