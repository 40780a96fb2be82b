package org.wordmill.trainer;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import org.apache.spark.storage.BlockManagerId;
import org.jspecify.annotations.Nullable;

/**
 * The sum of the gradients of all partitions, in the order of the partitions: ((g0 + g1) + g2) +
 * ..., whatever the order in which they are computed. One that is there early stays where it was
 * computed until those before it have been added, so that the driver holds no more than the sum and
 * a slice.
 */
final class GradientSum implements Callable<Integer> {
  private final IntFunction<KeptVector> gradients;
  private final float[] sum;
  private final ByteBuffer bytes;
  private final float[] slice;

  /** Those that are known, by partition. */
  private final @Nullable KeptGradient[] kept;

  /** Partitions that have been added. */
  private int added;

  /** Slices of the partition in turn that have been added; it may be lost amid. */
  private final BitSet slices = new BitSet();

  private @Nullable IOException loss;

  /**
   * @param gradients by partition, each as long as {@code sum}
   * @param partitions how many there are
   * @param sum where it is taken, whatever there is
   */
  GradientSum(IntFunction<KeptVector> gradients, int partitions, float[] sum) {
    this.gradients = gradients;
    this.sum = sum;
    this.slice = new float[Math.min(KeptVector.SLICE, sum.length)];
    this.bytes = ByteBuffer.allocate(slice.length * Float.BYTES);
    this.kept = new KeptGradient[partitions];
  }

  /** Learns where a gradient is; from any thread. */
  synchronized void found(KeptGradient gradient) {
    kept[gradient.part().partition()] = gradient;
  }

  /** Partitions whose gradient nobody keeps, as far as is known. */
  synchronized List<Integer> missing() {
    return IntStream.range(0, kept.length).filter(p -> kept[p] == null).boxed().toList();
  }

  /** How many partitions have been added. */
  synchronized int added() {
    return added;
  }

  /** Why the last gradient was lost. */
  synchronized @Nullable IOException loss() {
    return loss;
  }

  /**
   * Adds those whose turn it is, until one is not there. When a process has been lost with what it
   * kept, its gradients are {@link #missing} again. Not by two threads at once.
   *
   * @return partitions that have been added
   */
  @Override
  public Integer call() throws InterruptedException {
    while (true) {
      KeptGradient next;
      synchronized (this) {
        next = added < kept.length ? kept[added] : null;
      }
      if (next == null) {
        return added();
      }
      try {
        add(next);
      } catch (IOException e) {
        lose(next.place(), e);
        return added();
      }
      synchronized (this) {
        added++;
        slices.clear();
      }
    }
  }

  private synchronized void lose(BlockManagerId place, IOException cause) {
    loss = cause;
    for (int partition = added; partition < kept.length; partition++) {
      KeptGradient gradient = kept[partition];
      if (gradient != null && gradient.place().equals(place)) {
        kept[partition] = null;
      }
    }
  }

  private void add(KeptGradient next) throws IOException, InterruptedException {
    int partition = next.part().partition();
    KeptVector gradient = gradients.apply(partition);
    List<Integer> wanted =
        IntStream.range(0, gradient.slices()).filter(s -> !slices.get(s)).boxed().toList();
    gradient.read(
        next.place(),
        wanted,
        (number, parts) -> {
          int length = gradient.length(number);
          int from = gradient.from(number);
          SliceBytes.join(parts, bytes);
          SliceBytes.read(bytes, slice, length, gradient.precision());
          if (partition == 0) {
            System.arraycopy(slice, 0, sum, from, length);
          } else {
            add(slice, length, from);
          }
          slices.set(number);
        });
  }

  private void add(float[] addend, int length, int from) {
    for (int i = 0; i < length; i++) {
      sum[from + i] += addend[i];
    }
  }

  /** The sums of all partitions, in their order, when all have been added. */
  synchronized List<PartialSum> parts() {
    List<PartialSum> parts = new ArrayList<>();
    for (KeptGradient gradient : kept) {
      if (gradient == null) {
        throw new IllegalStateException(
            "the gradient of partition " + parts.size() + " is missing");
      }
      parts.add(gradient.part());
    }
    return parts;
  }
}
