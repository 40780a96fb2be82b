package org.wordmill.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Sinusoids, rotations and relative biases against loops, in both precisions. */
final class PositionKernelsTest {
  private static final long SEED = 2104;
  private static final int SHAPES = 40;

  private final SplittableRandom random = new SplittableRandom(SEED);

  static Stream<Arguments> implementations() {
    return Stream.of(
        Arguments.of(new ReferenceKernels(Precision.DOUBLE), 1e-12),
        Arguments.of(new ReferenceKernels(Precision.FLOAT), 2e-5),
        Arguments.of(KernelChoice.AUTO.create(Precision.FLOAT), 2e-5));
  }

  @ParameterizedTest
  @MethodSource("implementations")
  void sinusoidsAreThoseOfTheFormula(Kernels kernels, double tolerance) {
    for (int shape = 0; shape < SHAPES; shape++) {
      int batch = 1 + random.nextInt(3);
      // Later shapes are longer than the tables that were made for the first.
      int time = 1 + random.nextInt(1 + 5 * shape);
      int width = 1 + random.nextInt(40);
      int first = random.nextInt(20);
      double[] x = random.doubles((long) batch * time * width, -2, 2).toArray();
      double[] expected = new double[x.length];
      for (int i = 0; i < x.length; i++) {
        int position = first + i / width % time;
        int pair = i % width / 2;
        double angle = position / Math.pow(10000, 2.0 * pair / width);
        expected[i] = x[i] + (i % width % 2 == 0 ? Math.sin(angle) : Math.cos(angle));
      }
      Tensor y = tensor(kernels, new double[x.length], batch, time, width);
      kernels.addSinusoids(tensor(kernels, x, batch, time, width), first, y);
      assertThat(y.toDoubles()).containsExactly(expected, within(tolerance));
    }
  }

  @ParameterizedTest
  @MethodSource("implementations")
  void rotationsTurnPairsByTheirAngleAndBack(Kernels kernels, double tolerance) {
    for (int shape = 0; shape < SHAPES; shape++) {
      int batch = 1 + random.nextInt(3);
      int time = 1 + random.nextInt(1 + 3 * shape);
      int heads = 1 + random.nextInt(3);
      int half = 1 + random.nextInt(20);
      int first = random.nextInt(20);
      int width = heads * 2 * half;
      double[] x = random.doubles((long) batch * time * 3 * width, -2, 2).toArray();
      double[] expected = x.clone();
      for (int row = 0; row < batch * time; row++) {
        for (int head = 0; head < 2 * heads; head++) {
          for (int i = 0; i < half; i++) {
            double angle = (first + row % time) * Math.pow(10000, -(double) i / half);
            int a = row * 3 * width + head * 2 * half + i;
            double radius = Math.hypot(x[a], x[a + half]);
            double turned = Math.atan2(x[a + half], x[a]) + angle;
            expected[a] = radius * Math.cos(turned);
            expected[a + half] = radius * Math.sin(turned);
          }
        }
      }
      Tensor qkv = tensor(kernels, x, batch, time, 3 * width);
      kernels.rotary(qkv, heads, first, false);
      assertThat(qkv.toDoubles()).containsExactly(expected, within(tolerance));
      kernels.rotary(qkv, heads, first, true);
      assertThat(qkv.toDoubles()).containsExactly(x, within(tolerance));
    }
  }

  @ParameterizedTest
  @MethodSource("implementations")
  void scoresOfRotatedVectorsDependOnTheirDistanceAlone(Kernels kernels, double tolerance) {
    int d = 16;
    double[] vectors = random.doubles(2L * d, -1, 1).toArray();
    double[] scores = new double[3];
    int[] places = {0, 5, 300};
    for (int n = 0; n < places.length; n++) {
      double query = 0;
      Tensor near = tensor(kernels, Arrays.copyOf(vectors, 3 * d), 1, 1, 3 * d);
      Tensor far = tensor(kernels, Arrays.copyOf(vectors, 3 * d), 1, 1, 3 * d);
      kernels.rotary(near, 1, places[n], false);
      kernels.rotary(far, 1, places[n] + 7, false);
      double[] key = near.toDoubles();
      double[] asking = far.toDoubles();
      for (int i = 0; i < d; i++) {
        query += asking[i] * key[d + i];
      }
      scores[n] = query;
    }
    assertThat(scores[1]).isCloseTo(scores[0], within(10 * tolerance));
    assertThat(scores[2]).isCloseTo(scores[0], within(10 * tolerance));
  }

  /** The output, the gradient of the input and that of the bias, and continued attention. */
  @ParameterizedTest
  @MethodSource("implementations")
  void aRelativeBiasIsAddedToTheScoresOfItsDistance(Kernels kernels, double tolerance) {
    for (int shape = 0; shape < SHAPES; shape++) {
      int batch = 1 + random.nextInt(3);
      int heads = 1 + random.nextInt(3);
      int width = heads * (1 + random.nextInt(9));
      int time = 1 + random.nextInt(shape % 8 == 0 ? 150 : 20);
      int longest = time + random.nextInt(4);
      double rate = shape % 2 == 0 ? 0 : 0.3;
      double[] qkv = random.doubles((long) batch * time * 3 * width, -1, 1).toArray();
      double[] bias = random.doubles((long) heads * longest, -2, 2).toArray();
      double[] dy = random.doubles((long) batch * time * width, -1, 1).toArray();

      Tensor y = tensor(kernels, new double[dy.length], batch, time, width);
      Tensor weights = kernels.zeros(batch, heads, time, time);
      Tensor b = tensor(kernels, bias, heads, longest);
      Tensor x = tensor(kernels, qkv, batch, time, 3 * width);
      kernels.causalAttentionForward(x, heads, b, rate, 11, y, weights);
      NaiveAttention naive = new NaiveAttention(qkv, bias, longest, batch, time, heads, width);
      DropoutMask mask = DropoutMask.of(rate, 11);
      double[] factors = new double[batch * heads * time * time];
      mask.factors(0, factors);
      assertThat(y.toDoubles()).containsExactly(naive.output(factors), within(tolerance));

      Tensor dQkv = tensor(kernels, new double[qkv.length], batch, time, 3 * width);
      Tensor dBias = tensor(kernels, bias, heads, longest);
      kernels.causalAttentionBackward(
          x, heads, rate, 11, weights, tensor(kernels, dy, batch, time, width), dQkv, false, dBias);
      double[] expected = naive.biasGradient(factors, dy);
      for (int i = 0; i < expected.length; i++) {
        expected[i] += bias[i];
      }
      assertThat(dBias.toDoubles())
          .containsExactly(expected, within(tolerance * (1 + batch * time / 4.0)));

      if (batch == 1 && rate == 0) {
        Tensor cache = kernels.zeros(longest, 2 * width);
        for (int past = 0; past < time; ) {
          int count = 1 + random.nextInt(time - past);
          double[] piece = Arrays.copyOfRange(qkv, past * 3 * width, (past + count) * 3 * width);
          Tensor heard = tensor(kernels, new double[count * width], 1, count, width);
          kernels.continuedAttentionForward(
              tensor(kernels, piece, 1, count, 3 * width), heads, b, cache, past, heard);
          double[] rows = y.view((long) past * width, count, width).toDoubles();
          assertThat(heard.toDoubles()).containsExactly(rows, within(tolerance));
          past += count;
        }
      }
    }
  }

  private static Tensor tensor(Kernels kernels, double[] values, int... shape) {
    Tensor tensor = kernels.zeros(shape);
    tensor.copyFrom(values);
    return tensor;
  }

  /** Attention with a bias by loops over batch, head, query and key. */
  private record NaiveAttention(
      double[] qkv, double[] bias, int longest, int batch, int time, int heads, int width) {

    double[] output(double[] factors) {
      double[] y = new double[batch * time * width];
      int d = width / heads;
      for (int n = 0; n < batch * heads; n++) {
        for (int i = 0; i < time; i++) {
          double[] p = weights(n, i);
          for (int j = 0; j <= i; j++) {
            double kept = p[j] * factors[(n * time + i) * time + j];
            for (int c = 0; c < d; c++) {
              y[(n / heads * time + i) * width + n % heads * d + c] += kept * at(n, j, 2, c);
            }
          }
        }
      }
      return y;
    }

    double[] biasGradient(double[] factors, double[] dy) {
      double[] gradient = new double[heads * longest];
      int d = width / heads;
      for (int n = 0; n < batch * heads; n++) {
        for (int i = 0; i < time; i++) {
          double[] p = weights(n, i);
          double[] dp = new double[time];
          double inner = 0;
          for (int j = 0; j <= i; j++) {
            for (int c = 0; c < d; c++) {
              double slope = dy[(n / heads * time + i) * width + n % heads * d + c];
              dp[j] += factors[(n * time + i) * time + j] * slope * at(n, j, 2, c);
            }
            inner += dp[j] * p[j];
          }
          for (int j = 0; j <= i; j++) {
            gradient[n % heads * longest + i - j] += p[j] * (dp[j] - inner);
          }
        }
      }
      return gradient;
    }

    /** What query i of one head of one sequence hears. */
    private double[] weights(int n, int i) {
      int d = width / heads;
      double[] p = new double[time];
      double sum = 0;
      for (int j = 0; j <= i; j++) {
        double score = 0;
        for (int c = 0; c < d; c++) {
          score += at(n, i, 0, c) * at(n, j, 1, c);
        }
        p[j] = Math.exp(score / Math.sqrt(d) + bias[n % heads * longest + i - j]);
        sum += p[j];
      }
      for (int j = 0; j <= i; j++) {
        p[j] /= sum;
      }
      return p;
    }

    private double at(int n, int position, int part, int c) {
      int d = width / heads;
      return qkv[(n / heads * time + position) * 3 * width + part * width + n % heads * d + c];
    }
  }
}
