package org.wordmill.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/**
 * Where a number that is none goes in, the fused kernels let it out wherever the reference does and
 * nowhere else: training must see that it diverges.
 */
final class FusedNanTest {
  private static final long SEED = 8;
  private static final float NAN = Float.NaN;

  private final SplittableRandom random = new SplittableRandom(SEED);
  private final Kernels fused = new FusedKernels(Blas.best());
  private final Kernels exact = new ReferenceKernels(Precision.FLOAT);

  /** Tensors of one operation by number; the last ones are its results. */
  private interface Operation {
    void run(Kernels kernels, Tensor[] t);
  }

  @Test
  void matrixProductsPassItOn() {
    for (int rows : new int[] {1, 2, 19}) {
      int[][] shapes = {{rows, 17}, {33, 17}, {33}, {rows, 33}};
      poisonEach(shapes, 3, (k, t) -> k.linearForward(t[0], t[1], t[2], t[3]));
      int[][] input = {{rows, 33}, {33, 17}, {rows, 17}};
      poisonEach(input, 2, (k, t) -> k.linearBackwardInput(t[0], t[1], t[2], true));
      int[][] parameters = {{rows, 17}, {rows, 33}, {33, 17}, {33}};
      poisonEach(parameters, 2, (k, t) -> k.linearBackwardParameters(t[0], t[1], t[2], t[3]));
    }
  }

  @Test
  void sumsOfVectorsPassItOn() {
    int[][] three = {{5, 13}, {5, 13}, {5, 13}};
    poisonEach(three, 2, (k, t) -> k.add(t[0], t[1], t[2]));
    poisonEach(three, 1, (k, t) -> k.copy(t[0], t[1], true));
    poisonEach(three, 1, (k, t) -> k.copy(t[0], t[1], false));
    poisonEach(three, 1, (k, t) -> k.addScaled(t[0], 0.5, t[1]));
    poisonEach(three, 1, (k, t) -> k.scale(t[0], 0.5));
    int[][] positions = {{2, 5, 13}, {7, 13}, {2, 5, 13}};
    poisonEach(positions, 2, (k, t) -> k.addPositionsForward(t[0], t[1], t[2]));
    poisonEach(positions, 1, (k, t) -> k.addPositionsBackward(t[0], t[1]));
  }

  @Test
  void embeddingsPassOnTheRowsThatWereAskedFor() {
    Ids ids = new Ids(new int[] {3, 1, 3, 0}, 2, 2);
    int[][] shapes = {{5, 9}, {2, 2, 9}};
    poisonEach(shapes, 1, (k, t) -> k.embeddingForward(t[0], ids, t[1]));
    poisonEach(shapes, 2, (k, t) -> k.embeddingBackward(ids, t[1], t[0]));
  }

  @Test
  void slopesPassItOn() {
    int[][] shapes = {{3, 11}, {3, 11}, {3, 11}};
    // Not RELU: the comparison in its reference hides what the fused kernel passes on.
    for (Activation f : List.of(Activation.SIGMOID, Activation.TANH, Activation.GELU)) {
      poisonEach(shapes, 2, (k, t) -> k.activationBackward(f, t[0], t[0], t[1], t[2], false));
    }
    poisonEach(shapes, 2, (k, t) -> k.softmaxBackward(t[0], t[1], t[2], false));
  }

  @Test
  void normsPassOnTheirRow() {
    int[][] shapes = {{3, 19}, {19}, {3}, {3}, {3, 19}, {3, 19}, {19}, {19}};
    poisonEach(
        shapes,
        5,
        (k, t) -> k.layerNormBackward(t[0], t[1], t[2], t[3], t[4], t[5], false, t[6], t[7]));
  }

  @Test
  void attentionPassesItOnToWhoeverHearsIt() {
    int heads = 2;
    int width = 6;
    for (int time : new int[] {1, 7, 70}) {
      for (int position : new int[] {0, time / 2, time - 1}) {
        for (int part = 0; part < 3; part++) {
          // Query, key or value of the second head, in the first of two sequences.
          float[] qkv = new float[2 * time * 3 * width];
          qkv[position * 3 * width + part * width + width / heads] = Float.NaN;
          Tensor y = Tensor.zeros(Precision.FLOAT, 2, time, width);
          Tensor weights = Tensor.zeros(Precision.FLOAT, 2, heads, time, time);
          fused.causalAttentionForward(Tensor.of(qkv, 2, time, 3 * width), heads, 0, 1, y, weights);
          for (int t = 0; t < time; t++) {
            boolean hears = part == 0 ? t == position : t >= position;
            if (hears) {
              assertThat(y.view((long) t * width + width / heads, 1).toFloats()).containsOnly(NAN);
            }
            assertThat(y.view((long) t * width, width / heads).toFloats()).doesNotContain(NAN);
          }
          assertThat(y.view((long) time * width, time, width).toFloats()).doesNotContain(NAN);
        }
      }
    }
  }

  @Test
  void updatesPassItOn() {
    int[][] shapes = {{37}, {37}, {37}, {37}};
    poisonEach(
        shapes,
        4,
        (k, t) -> {
          // Second moments are never negative.
          k.adamW(t[0], t[1], t[2], t[3], 1, 1e-3, 0.9, 0.99, 1e-8, 0.1, 1);
        });
  }

  /** Puts NaN into each of the first {@code inputs} tensors in turn, at a few places each. */
  private void poisonEach(int[][] shapes, int inputs, Operation operation) {
    for (int poisoned = 0; poisoned < inputs; poisoned++) {
      float[][] values = new float[shapes.length][];
      for (int i = 0; i < shapes.length; i++) {
        values[i] = new float[Math.toIntExact(Tensor.size(shapes[i]))];
        for (int e = 0; e < values[i].length; e++) {
          values[i][e] = 0.1f + random.nextInt(100) / 100f;
        }
      }
      int length = values[poisoned].length;
      for (int at : new int[] {0, length / 2, length - 1}) {
        float before = values[poisoned][at];
        values[poisoned][at] = Float.NaN;
        Tensor[] fast = tensors(shapes, values);
        Tensor[] right = tensors(shapes, values);
        operation.run(fused, fast);
        operation.run(exact, right);
        for (int i = 0; i < shapes.length; i++) {
          assertThat(whereNan(fast[i]))
              .as("tensor %d, with NaN at %d of tensor %d", i, at, poisoned)
              .isEqualTo(whereNan(right[i]));
        }
        values[poisoned][at] = before;
      }
    }
  }

  private static Tensor[] tensors(int[][] shapes, float[][] values) {
    Tensor[] tensors = new Tensor[shapes.length];
    for (int i = 0; i < shapes.length; i++) {
      tensors[i] = Tensor.of(values[i], shapes[i]);
    }
    return tensors;
  }

  private static String whereNan(Tensor tensor) {
    StringBuilder where = new StringBuilder();
    for (float value : tensor.toFloats()) {
      where.append(Float.isNaN(value) ? '!' : '.');
    }
    return where.toString();
  }
}
