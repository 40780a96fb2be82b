package org.wordmill.train;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.Comparator;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.wordmill.kernel.KernelChoice;
import org.wordmill.kernel.Kernels;
import org.wordmill.kernel.Precision;
import org.wordmill.kernel.Tensor;

class HeldBackTest {
  private static final Kernels KERNELS = KernelChoice.REFERENCE.create(Precision.FLOAT);

  private static HeldBack of(double density, int period, int size) {
    return new HeldBack(new TopK(density, period), KERNELS, size);
  }

  private static float[] sent(HeldBack held, long step, float... gradient) {
    Tensor tensor = Tensor.of(gradient, gradient.length);
    held.select(step, tensor);
    return tensor.toFloats();
  }

  @Test
  void theLargestMagnitudesAreSentAndTheRestIsAddedToTheNextGradient() {
    HeldBack held = of(0.5, 100, 4);
    assertThat(sent(held, 0, 1, -4, 3, 2)).containsExactly(0, -4, 3, 0);
    held.commit();
    assertThat(sent(held, 1, 3, 1, 1, 0)).containsExactly(4, 0, 0, 2);
    held.commit();
    assertThat(sent(held, 2, 0, 0, 0, 0)).containsExactly(0, 1, 1, 0);
  }

  @Test
  void ofEqualMagnitudesThoseAtTheFrontAreSent() {
    assertThat(sent(of(0.5, 100, 5), 0, -1, 1, 2, 1, -1)).containsExactly(-1, 1, 2, 0, 0);
    assertThat(sent(of(0.1, 100, 3), 0, 0, 0, 0)).containsExactly(0, 0, 0);
  }

  @Test
  void whatIsNotFiniteIsSentFirst() {
    float inf = Float.POSITIVE_INFINITY;
    assertThat(sent(of(0.4, 100, 5), 0, 1, -inf, Float.MAX_VALUE, Float.NaN, 5))
        .containsExactly(0, -inf, 0, Float.NaN, 0);
  }

  @Test
  void aStepThatLeadsToNoUpdateLeavesNoTrace() {
    HeldBack held = of(0.5, 100, 2);
    assertThat(sent(held, 0, 1, 2)).containsExactly(0, 2);
    held.commit();
    assertThat(sent(held, 1, Float.NaN, 7)).containsExactly(Float.NaN, 0);
    assertThat(sent(held, 2, 0, 0.5f)).containsExactly(1, 0);
    held.commit();
    assertThat(sent(held, 3, 0, 0)).containsExactly(0, 0.5f);
  }

  @Test
  void aPeriodEndsWithAStepThatSendsAllAndTheNextBeginsWithNothing() {
    HeldBack held = of(0.5, 3, 2);
    assertThat(sent(held, 0, 1, 2)).containsExactly(0, 2);
    held.commit();
    assertThat(sent(held, 1, 1, 3)).containsExactly(0, 3);
    held.commit();
    assertThat(sent(held, 2, 1, 1)).containsExactly(3, 1);
    held.commit();
    assertThat(sent(held, 3, 0, 0)).containsExactly(0, 0);
    held.commit();
    sent(held, 4, 1, 2);
    held.commit();
    // The one that was to send all is skipped: it goes with what was held back for it.
    sent(held, 5, Float.NaN, 0);
    assertThat(sent(held, 6, 0.5f, 0.25f)).containsExactly(0.5f, 0);
  }

  @Test
  void nothingIsLostOverAPeriodAndEachBlockGivesItsShare() {
    int size = VectorBlocks.SIZE + 1000;
    int period = 4;
    HeldBack held = of(0.01, period, size);
    SplittableRandom random = new SplittableRandom(5);
    // Whole numbers, whose sums are exact.
    double[] given = new double[size];
    double[] received = new double[size];
    for (int step = 0; step < period; step++) {
      float[] gradient = new float[size];
      for (int i = 0; i < size; i++) {
        gradient[i] = random.nextInt(-1000, 1000);
        given[i] += gradient[i];
      }
      float[] sent = sent(held, step, gradient);
      held.commit();
      for (int i = 0; i < size; i++) {
        received[i] += sent[i];
      }
      if (step < period - 1) {
        assertThat(count(sent, 0, VectorBlocks.SIZE)).isEqualTo(2622);
        assertThat(count(sent, VectorBlocks.SIZE, size)).isEqualTo(10);
      }
    }
    assertThat(received).isEqualTo(given);
  }

  private static long count(float[] values, int from, int to) {
    return IntStream.range(from, to).filter(i -> values[i] != 0).count();
  }

  @Test
  void theSelectionIsThatOfASort() {
    SplittableRandom random = new SplittableRandom(9);
    for (int trial = 0; trial < 200; trial++) {
      int size = random.nextInt(1, 300);
      double density = random.nextDouble(0.01, 0.99);
      // Of all scales, subnormal numbers too, and with many ties in every other trial.
      float[] gradient = new float[size];
      for (int i = 0; i < size; i++) {
        gradient[i] =
            trial % 2 == 0
                ? random.nextInt(-3, 4)
                : (float) (random.nextGaussian() * Math.pow(2, random.nextInt(-150, 100)));
      }
      int count = Math.max(1, (int) Math.ceil(density * size));
      float[] expected = new float[size];
      IntStream.range(0, size)
          .boxed()
          .sorted(Comparator.comparingDouble(i -> -Math.abs(gradient[i])))
          .limit(count)
          .forEach(i -> expected[i] = gradient[i]);
      assertThat(sent(of(density, 100, size), 0, gradient))
          .as("%s of %s", density, Arrays.toString(gradient))
          .usingComparatorWithPrecision(0f)
          .containsExactly(expected);
    }
  }
}
