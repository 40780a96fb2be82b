package org.wordmill.trainer;

import java.io.IOException;
import java.nio.FloatBuffer;
import java.util.BitSet;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.function.IntFunction;
import java.util.stream.IntStream;

/**
 * The sum of the gradients of all partitions, in the order of the partitions: ((g0 + g1) + g2) +
 * ..., whatever the order in which they are computed. One that is there early stays where it was
 * computed until those before it have been added, so that the driver holds no more than the sum and
 * a slice.
 */
final class GradientSum implements Callable<Integer> {
  private final IntFunction<KeptVector> gradients;
  private final KeptResults<KeptGradient> kept;
  private final SliceAdder adder;
  private final float[] sum;

  /** Partitions that have been added. */
  private volatile int added;

  /** Slices of the partition in turn that have been added; it may be lost amid. */
  private final BitSet slices = new BitSet();

  /**
   * @param gradients by partition, each as long as {@code sum}
   * @param kept what is known of them
   * @param sum where it is taken, whatever there is
   */
  GradientSum(IntFunction<KeptVector> gradients, KeptResults<KeptGradient> kept, float[] sum) {
    this.gradients = gradients;
    this.kept = kept;
    this.adder = new SliceAdder(gradients.apply(0));
    this.sum = sum;
  }

  /** How many partitions have been added. */
  int added() {
    return added;
  }

  /**
   * Adds those whose turn it is, until one is not there. When a process has been lost with what it
   * kept, its gradients are missing again. Not by two threads at once.
   *
   * @return partitions that have been added
   */
  @Override
  public Integer call() throws InterruptedException {
    while (added < kept.count()) {
      KeptGradient next = kept.get(added);
      if (next == null) {
        break;
      }
      try {
        add(next);
      } catch (IOException e) {
        kept.lose(next.place(), added, e);
        break;
      }
      slices.clear();
      added = next.number() + 1;
    }
    return added;
  }

  private void add(KeptGradient next) throws IOException, InterruptedException {
    KeptVector gradient = gradients.apply(next.number());
    List<Integer> wanted =
        IntStream.range(0, gradient.slices()).filter(s -> !slices.get(s)).boxed().toList();
    gradient.read(
        next.place(),
        wanted,
        (slice, parts) -> {
          FloatBuffer part = FloatBuffer.wrap(sum, gradient.from(slice), gradient.length(slice));
          adder.add(parts, next.number() == 0, part.slice());
          slices.set(slice);
        });
  }
}
