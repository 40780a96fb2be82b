package org.wordmill.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Every fused kernel against the reference in double precision, on random shapes with odd sizes,
 * outputs that start as NaN, and memory behind the outputs that must stay as it was.
 */
final class FusedKernelsTest {
  private static final long SEED = 20231124;
  private static final int SHAPES = 100;
  private static final double TOLERANCE = 1e-5;
  private static final int GUARD = 32;
  private static final float GUARDED = 12345.5f;

  private final Kernels fused = new FusedKernels(Blas.best());
  private final Kernels exact = new ReferenceKernels(Precision.DOUBLE);
  private final SplittableRandom random = new SplittableRandom(SEED);
  private final List<Pair> results = new ArrayList<>();
  private String shape = "";

  /** The same numbers in both precisions. */
  private record Pair(Tensor fast, Tensor exact, Tensor guarded) {}

  /** What is done with each of the two implementations. */
  private interface Operation {
    void run(Kernels kernels, Side side);
  }

  private interface Side {
    Tensor of(Pair pair);
  }

  @Test
  void linear() {
    for (int i = 0; i < SHAPES; i++) {
      int rows = size();
      int in = size();
      int out = size();
      Pair x = input(rows, in);
      Pair w = input(out, in);
      Pair b = input(out);
      Pair dy = input(rows, out);
      Pair y = output(rows, out);
      Pair bare = output(rows, out);
      Pair dx = output(rows, in);
      Pair dxMore = result(rows, in);
      Pair dw = result(out, in);
      Pair db = result(out);
      compare(
          (k, s) -> {
            k.linearForward(s.of(x), s.of(w), s.of(b), s.of(y));
            k.linearForward(s.of(x), s.of(w), null, s.of(bare));
            k.linearBackwardInput(s.of(dy), s.of(w), s.of(dx), false);
            k.linearBackwardInput(s.of(dy), s.of(w), s.of(dxMore), true);
            k.linearBackwardParameters(s.of(x), s.of(dy), s.of(dw), s.of(db));
            k.linearBackwardParameters(s.of(x), s.of(dy), s.of(dw), null);
          });
    }
  }

  @ParameterizedTest
  @EnumSource(Activation.class)
  void activations(Activation f) {
    for (int i = 0; i < SHAPES; i++) {
      int rows = size();
      int columns = size();
      Pair x = scaled(3, rows, columns);
      // Far enough out that exp reaches the ends of its range. There is no gradient left there.
      Pair far = scaled(60, rows, columns);
      Pair farY = output(rows, columns);
      Pair dy = input(rows, columns);
      Pair y = output(rows, columns);
      Pair dx = output(rows, columns);
      Pair dxMore = result(rows, columns);
      compare(
          (k, s) -> {
            k.activationForward(f, s.of(far), s.of(farY));
            k.activationForward(f, s.of(x), s.of(y));
            k.activationBackward(f, s.of(x), s.of(y), s.of(dy), s.of(dx), false);
            k.activationBackward(f, s.of(x), s.of(y), s.of(dy), s.of(dxMore), true);
          });
    }
  }

  @Test
  void softmax() {
    for (int i = 0; i < SHAPES; i++) {
      int rows = size();
      int columns = size();
      Pair x = input(rows, columns);
      Pair far = scaled(100, rows, columns);
      Pair farY = output(rows, columns);
      Pair dy = input(rows, columns);
      Pair y = output(rows, columns);
      Pair dx = output(rows, columns);
      Pair dxMore = result(rows, columns);
      compare(
          (k, s) -> {
            k.softmaxForward(s.of(far), s.of(farY));
            k.softmaxForward(s.of(x), s.of(y));
            k.softmaxBackward(s.of(y), s.of(dy), s.of(dx), false);
            k.softmaxBackward(s.of(y), s.of(dy), s.of(dxMore), true);
          });
    }
  }

  @Test
  void negativeLogLikelihood() {
    for (int i = 0; i < SHAPES; i++) {
      int rows = size();
      int columns = size();
      Pair p = uniform(0.1, 1, rows, columns);
      Ids targets = targets(rows, columns);
      Pair loss = output(1);
      Pair dLoss = input(1);
      Pair dp = output(rows, columns);
      Pair dpMore = result(rows, columns);
      compare(
          (k, s) -> {
            k.negativeLogLikelihoodForward(s.of(p), targets, s.of(loss));
            k.negativeLogLikelihoodBackward(s.of(p), targets, s.of(dLoss), s.of(dp), false);
            k.negativeLogLikelihoodBackward(s.of(p), targets, s.of(dLoss), s.of(dpMore), true);
          });
    }
  }

  @Test
  void softmaxCrossEntropy() {
    for (int i = 0; i < SHAPES; i++) {
      int rows = size();
      int columns = size();
      Pair logits = scaled(3, rows, columns);
      Pair consumed = copy(logits);
      Ids targets = targets(rows, columns);
      Pair p = output(rows, columns);
      Pair loss = output(1);
      Pair dLoss = i % 2 == 0 ? input(1) : uniform(1, 1, 1);
      Pair dLogits = output(rows, columns);
      Pair more = result(rows, columns);
      Pair lossInPlace = output(1);
      results.add(consumed);
      compare(
          (k, s) -> {
            k.softmaxCrossEntropyForward(s.of(logits), targets, s.of(p), s.of(loss));
            k.softmaxCrossEntropyBackward(s.of(p), targets, s.of(dLoss), s.of(dLogits), false);
            k.softmaxCrossEntropyBackward(s.of(p), targets, s.of(dLoss), s.of(more), true);
            Tensor same = s.of(consumed);
            k.softmaxCrossEntropyForward(same, targets, same, s.of(lossInPlace));
            k.softmaxCrossEntropyBackward(same, targets, s.of(dLoss), same, false);
          });
    }
  }

  @Test
  void embeddings() {
    for (int i = 0; i < SHAPES; i++) {
      int batch = 1 + random.nextInt(4);
      int time = size();
      int width = size();
      int vocabulary = size();
      Ids ids = new Ids(random.ints((long) batch * time, 0, vocabulary).toArray(), batch, time);
      Pair table = input(vocabulary, width);
      Pair positions = input(time + random.nextInt(3), width);
      Pair tokens = output(batch, time, width);
      Pair y = output(batch, time, width);
      Pair dy = input(batch, time, width);
      Pair dTable = result(vocabulary, width);
      Pair dPositions = result(positions.exact().rows(), width);
      compare(
          (k, s) -> {
            k.embeddingForward(s.of(table), ids, s.of(tokens));
            k.addPositionsForward(s.of(tokens), s.of(positions), s.of(y));
            k.addPositionsBackward(s.of(dy), s.of(dPositions));
            k.embeddingBackward(ids, s.of(dy), s.of(dTable));
          });
    }
  }

  @Test
  void layerNorm() {
    for (int i = 0; i < SHAPES; i++) {
      int rows = size();
      int columns = size();
      Pair x = input(rows, columns);
      Pair gain = input(columns);
      Pair bias = input(columns);
      Pair y = output(rows, columns);
      Pair mean = output(rows);
      Pair rstd = output(rows);
      Pair dy = input(rows, columns);
      Pair dx = output(rows, columns);
      Pair dxMore = result(rows, columns);
      Pair dGain = result(columns);
      Pair dBias = result(columns);
      // Rows of one or two columns have next to no variance, which single precision cannot divide
      // by; what is compared there is in the test of the reference.
      if (columns < 3) {
        results.clear();
        continue;
      }
      compare(
          (k, s) -> {
            k.layerNormForward(
                s.of(x), s.of(gain), s.of(bias), 1e-5, s.of(y), s.of(mean), s.of(rstd));
            for (boolean more : new boolean[] {false, true}) {
              k.layerNormBackward(
                  s.of(x),
                  s.of(gain),
                  s.of(mean),
                  s.of(rstd),
                  s.of(dy),
                  s.of(more ? dxMore : dx),
                  more,
                  s.of(dGain),
                  s.of(dBias));
            }
          });
    }
  }

  @Test
  void dropoutHasTheSameMask() {
    for (int i = 0; i < SHAPES; i++) {
      int rows = size();
      int columns = size();
      long seed = random.nextLong();
      double rate = random.nextDouble();
      Pair x = input(rows, columns);
      Pair y = output(rows, columns);
      Pair more = result(rows, columns);
      compare(
          (k, s) -> {
            k.dropout(s.of(x), rate, seed, s.of(y), false);
            k.dropout(s.of(x), rate, seed, s.of(more), true);
          });
    }
  }

  @Test
  void causalAttention() {
    for (int i = 0; i < SHAPES; i++) {
      int batch = 1 + random.nextInt(3);
      int heads = 1 + random.nextInt(4);
      // Up to three blocks of rows, and now and then a single token.
      int time = i % 10 == 0 ? 1 : 1 + random.nextInt(150);
      int width = heads * (1 + random.nextInt(20));
      double rate = i % 2 == 0 ? 0 : 0.3;
      long seed = random.nextLong();
      Pair qkv = input(batch, time, 3 * width);
      Pair y = output(batch, time, width);
      Pair weights = unchecked(batch, heads, time, time);
      Pair dy = input(batch, time, width);
      Pair dQkv = output(batch, time, 3 * width);
      Pair more = result(batch, time, 3 * width);
      compare(
          (k, s) -> {
            k.causalAttentionForward(s.of(qkv), heads, rate, seed, s.of(y), s.of(weights));
            k.causalAttentionBackward(
                s.of(qkv), heads, rate, seed, s.of(weights), s.of(dy), s.of(dQkv), false);
            k.causalAttentionBackward(
                s.of(qkv), heads, rate, seed, s.of(weights), s.of(dy), s.of(more), true);
          });
    }
  }

  @Test
  void vectors() {
    for (int i = 0; i < SHAPES; i++) {
      int size = size() * size();
      Pair x = input(size);
      Pair y = input(size);
      Pair z = output(size);
      Pair copied = output(size);
      Pair added = result(size);
      Pair scaled = result(size);
      double factor = random.nextGaussian();
      compare(
          (k, s) -> {
            k.add(s.of(x), s.of(y), s.of(z));
            k.copy(s.of(x), s.of(copied), false);
            k.copy(s.of(x), s.of(added), true);
            k.addScaled(s.of(y), factor, s.of(added));
            k.scale(s.of(scaled), factor);
          });
      double expected = exact.sumOfSquares(x.exact());
      assertThat(fused.sumOfSquares(x.fast()) / expected - 1).isBetween(-1e-12, 1e-12);
    }
  }

  @Test
  void adamW() {
    for (int i = 0; i < SHAPES; i++) {
      int size = size() * size();
      Pair w = result(size);
      Pair g = input(size);
      Pair m = result(size);
      Pair v = uniform(0.01, 1, size);
      results.add(v);
      int step = 1 + random.nextInt(1000);
      compare(
          (k, s) -> {
            for (int t = step; t < step + 3; t++) {
              k.adamW(s.of(w), s.of(g), s.of(m), s.of(v), 0.25, 1e-3, 0.9, 0.99, 1e-8, 0.1, t);
            }
          });
    }
  }

  @Test
  void theHalvesOfAdamWHaveTheBitsOfTheWhole() {
    for (int i = 0; i < SHAPES; i++) {
      int size = size() * size();
      Tensor g = input(size).fast();
      Tensor[] whole = {result(size).fast(), result(size).fast(), uniform(0, 1, size).fast()};
      Tensor[] halves = new Tensor[whole.length];
      for (int j = 0; j < whole.length; j++) {
        halves[j] = Tensor.of(whole[j].toFloats(), size);
      }
      fused.adamW(whole[0], g, whole[1], whole[2], 0.25, 1e-3, 0.9, 0.99, 1e-8, 0.1, 3);
      fused.adamWMoments(g, halves[1], halves[2], 0.25, 0.9, 0.99);
      fused.adamWStep(
          halves[0], halves[1], halves[2], new Kernels.AdamWStep(1e-3, 0.9, 0.99, 1e-8, 0.1, 3));
      for (int j = 0; j < whole.length; j++) {
        assertThat(halves[j].toFloats()).isEqualTo(whole[j].toFloats());
      }
    }
  }

  @Test
  void nanIsPassedOn() {
    for (int columns : new int[] {1, 7, 8, 33}) {
      for (int bad = 0; bad < columns; bad++) {
        Tensor x = Tensor.zeros(Precision.FLOAT, 2, columns);
        x.view(bad, 1).fill(Double.NaN);
        Tensor y = Tensor.zeros(Precision.FLOAT, 2, columns);
        for (Activation f : Activation.values()) {
          fused.activationForward(f, x, y);
          assertThat(y.toFloats()[bad]).isNaN();
          fused.activationBackward(f, x, y, x, y, false);
          assertThat(y.toFloats()[bad]).isNaN();
        }
        fused.softmaxForward(x, y);
        assertThat(Arrays.copyOf(y.toFloats(), columns)).containsOnly(Float.NaN);
        assertThat(y.toFloats()[columns]).isFinite();
        Tensor loss = Tensor.zeros(Precision.FLOAT, 1);
        fused.softmaxCrossEntropyForward(x, new Ids(new int[] {0, 0}, 1, 2), y, loss);
        assertThat(loss.toFloats()[0]).isNaN();
        Tensor gain = Tensor.zeros(Precision.FLOAT, columns);
        Tensor two = Tensor.zeros(Precision.FLOAT, 2);
        fused.layerNormForward(x, gain, gain, 1e-5, y, two, Tensor.zeros(Precision.FLOAT, 2));
        assertThat(y.toFloats()[bad]).isNaN();
        assertThat(y.toFloats()[columns]).isFinite();
        assertThat(fused.sumOfSquares(x)).isNaN();
      }
    }
  }

  @Test
  void theSameInputGivesTheSameBits() {
    Tensor qkv = input(3, 77, 3 * 24).fast();
    float[][] runs = new float[2][];
    for (int i = 0; i < 2; i++) {
      Tensor y = Tensor.zeros(Precision.FLOAT, 3, 77, 24);
      Tensor weights = Tensor.zeros(Precision.FLOAT, 3, 4, 77, 77);
      new FusedKernels(Blas.best()).causalAttentionForward(qkv, 4, 0.1, 5, y, weights);
      runs[i] = y.toFloats();
    }
    assertThat(runs[0]).containsExactly(runs[1]);
  }

  /** Runs both, then compares all results that were asked for since the last comparison. */
  private void compare(Operation operation) {
    operation.run(fused, Pair::fast);
    operation.run(exact, Pair::exact);
    for (int i = 0; i < results.size(); i++) {
      Pair pair = results.get(i);
      float[] fast = pair.fast().toFloats();
      double[] right = pair.exact().toDoubles();
      double mean = Arrays.stream(right).map(Math::abs).average().orElse(0);
      for (int e = 0; e < fast.length; e++) {
        double error = Math.abs(fast[e] - right[e]) / Math.max(Math.abs(right[e]), mean + 1e-30);
        assertThat(error)
            .as(
                "result %d %s of %s, element %d: %s for %s, seed %d",
                i, pair.exact(), shape, e, fast[e], right[e], SEED)
            .isLessThanOrEqualTo(TOLERANCE);
      }
      float[] guard = pair.guarded().toFloats();
      assertThat(Arrays.copyOf(guard, GUARD)).containsOnly(GUARDED);
      assertThat(Arrays.copyOfRange(guard, guard.length - GUARD, guard.length))
          .containsOnly(GUARDED);
    }
    results.clear();
    shape = "";
  }

  /** 1, small primes and whatever else, around the widths of vectors. */
  private int size() {
    int[] interesting = {1, 2, 3, 5, 7, 8, 13, 16, 17, 31, 32, 33, 61, 64, 67};
    return random.nextInt(3) == 0
        ? 1 + random.nextInt(80)
        : interesting[random.nextInt(interesting.length)];
  }

  private Ids targets(int rows, int columns) {
    int[] values = random.ints(rows, 0, columns).toArray();
    for (int i = 0; i < rows; i++) {
      values[i] = random.nextInt(5) == 0 ? Ids.IGNORED : values[i];
    }
    return new Ids(values, 1, rows);
  }

  private Pair input(int... shape) {
    return scaled(1, shape);
  }

  private Pair scaled(double deviation, int... shape) {
    float[] values = new float[Math.toIntExact(Tensor.size(shape))];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) (deviation * random.nextGaussian());
    }
    return pair(values, shape);
  }

  private Pair uniform(double low, double high, int... shape) {
    float[] values = new float[Math.toIntExact(Tensor.size(shape))];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) (low + (high - low) * random.nextDouble());
    }
    return pair(values, shape);
  }

  private Pair copy(Pair other) {
    return pair(other.fast().toFloats(), other.fast().shape());
  }

  /** Random numbers that an operation adds to; compared afterwards. */
  private Pair result(int... shape) {
    Pair pair = input(shape);
    results.add(pair);
    return pair;
  }

  /** NaN that an operation must overwrite; compared afterwards. */
  private Pair output(int... shape) {
    Pair pair = unchecked(shape);
    results.add(pair);
    return pair;
  }

  private Pair unchecked(int... shape) {
    float[] values = new float[Math.toIntExact(Tensor.size(shape))];
    Arrays.fill(values, Float.NaN);
    return pair(values, shape);
  }

  private Pair pair(float[] values, int... dimensions) {
    Tensor guarded = Tensor.zeros(Precision.FLOAT, values.length + 2 * GUARD);
    guarded.fill(GUARDED);
    Tensor fast = guarded.view(GUARD, dimensions);
    fast.copyFrom(values);
    Tensor wide = Tensor.zeros(Precision.DOUBLE, dimensions);
    wide.copyFrom(values);
    shape += Arrays.toString(dimensions);
    return new Pair(fast, wide, guarded);
  }
}
