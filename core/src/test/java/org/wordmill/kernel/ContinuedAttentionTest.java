package org.wordmill.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Attention piece by piece against attention to the whole sequence at once, in double precision.
 */
final class ContinuedAttentionTest {
  private static final long SEED = 20170612;
  private static final int SHAPES = 100;

  static Stream<Arguments> implementations() {
    return Stream.of(
        Arguments.of(KernelChoice.REFERENCE, Precision.DOUBLE, 1e-13),
        Arguments.of(KernelChoice.REFERENCE, Precision.FLOAT, 1e-5),
        Arguments.of(KernelChoice.AUTO, Precision.FLOAT, 1e-5));
  }

  @ParameterizedTest(name = "{0} {1}")
  @MethodSource("implementations")
  void piecesOfASequenceHearWhatTheWholeHears(
      KernelChoice choice, Precision precision, double tolerance) {
    Kernels kernels = choice.create(precision);
    Kernels exact = new ReferenceKernels(Precision.DOUBLE);
    SplittableRandom random = new SplittableRandom(SEED);
    for (int shape = 0; shape < SHAPES; shape++) {
      int heads = 1 + random.nextInt(4);
      int width = heads * (1 + random.nextInt(shape % 2 == 0 ? 8 : 40));
      int time = 1 + random.nextInt(shape % 10 == 0 ? 200 : 20);
      int spare = random.nextInt(3);
      String what = "heads %d, width %d, time %d".formatted(heads, width, time);
      double[] qkv = random.doubles((long) time * 3 * width, -2, 2).toArray();
      Tensor whole = Tensor.zeros(Precision.DOUBLE, 1, time, width);
      exact.causalAttentionForward(
          Tensor.of(qkv, 1, time, 3 * width),
          heads,
          0,
          0,
          whole,
          Tensor.zeros(Precision.DOUBLE, 1, heads, time, time));

      Tensor cache = poisoned(precision, time + spare, 2 * width);
      for (int past = 0; past < time; ) {
        int count = 1 + random.nextInt(time - past);
        Tensor x = Tensor.zeros(precision, 1, count, 3 * width);
        x.copyFrom(Arrays.copyOfRange(qkv, past * 3 * width, (past + count) * 3 * width));
        Tensor y = poisoned(precision, 1, count, width);
        kernels.continuedAttentionForward(x, heads, cache, past, y);
        double[] expected = whole.view((long) past * width, count, width).toDoubles();
        assertThat(y.toDoubles()).as(what).containsExactly(expected, within(tolerance));
        past += count;
      }
      double[] kept = cache.toDoubles();
      for (int t = 0; t < time; t++) {
        for (int i = 0; i < 2 * width; i++) {
          double stored = kept[t * 2 * width + i];
          assertThat(stored).as(what).isCloseTo(qkv[(3 * t + 1) * width + i], within(1e-6));
        }
      }
      for (int i = time * 2 * width; i < kept.length; i++) {
        assertThat(kept[i]).as(what).isNaN();
      }
    }
  }

  @ParameterizedTest(name = "{0} {1}")
  @MethodSource("implementations")
  void whatIsNotANumberInThePastIsHeard(
      KernelChoice choice, Precision precision, double tolerance) {
    Kernels kernels = choice.create(precision);
    Tensor cache = Tensor.zeros(precision, 5, 8);
    double[] numbers = new double[40];
    numbers[8 + 1] = Double.NaN;
    cache.copyFrom(numbers);
    Tensor y = Tensor.zeros(precision, 1, 1, 4);
    Tensor qkv = Tensor.zeros(precision, 1, 1, 12);
    // Queries of zero hear everything alike: three values of 0 and one of 0.5.
    qkv.copyFrom(new double[] {0, 0, 0, 0, 0.5, 0.5, 0.5, 0.5, 0.5, 0.5, 0.5, 0.5});
    kernels.continuedAttentionForward(qkv, 2, cache, 3, y);
    double[] heard = y.toDoubles();
    // The key that is not a number belongs to the first of two heads.
    assertThat(heard[0]).isNaN();
    assertThat(heard[1]).isNaN();
    assertThat(heard[2]).isCloseTo(0.125, within(tolerance));
    assertThat(heard[3]).isCloseTo(0.125, within(tolerance));
  }

  private static Tensor poisoned(Precision precision, int... shape) {
    Tensor tensor = Tensor.zeros(precision, shape);
    tensor.fill(Double.NaN);
    return tensor;
  }
}
