package org.wordmill.kernel.cuda;

import org.jspecify.annotations.Nullable;
import org.wordmill.kernel.DropoutMask;
import org.wordmill.kernel.Precision;
import org.wordmill.kernel.Tensor;
import org.wordmill.kernel.cuda.Product.Matrix;

/**
 * Causal attention: batches of matrix products over heads or over sequences, with queries, keys and
 * values read where they lie, and kernels for the rows in between. Scores are computed in full, and
 * what lies above the diagonal is set to zero.
 *
 * <pre>
 * forward   S = Q K^T / sqrt(D)    P = softmax of S up to the diagonal    Y = drop(P) V
 * backward  dV = drop(P)^T dY      dP = drop(dY V^T)
 *           dS = P (dP - sum_j dP_j P_j) / sqrt(D)     dQ = dS K     dK = dS^T Q
 * </pre>
 */
final class CudaAttention {
  private static final int QUERIES = 0;
  private static final int KEYS = 1;
  private static final int VALUES = 2;

  /**
   * Where the [rows, columns] matrices of all heads of all sequences lie.
   *
   * @param leading elements from row to row
   * @param perSequence elements from a sequence to the next
   * @param perHead elements from a head to the next
   */
  private record Heads(long address, int leading, long perSequence, long perHead) {}

  /** B sequences of T tokens, H heads of width D. */
  private record Sizes(int batch, int time, int heads, int width) {
    static Sizes of(Tensor qkv, int heads) {
      return new Sizes(qkv.dimension(0), qkv.dimension(1), heads, qkv.columns() / 3 / heads);
    }

    int channels() {
      return heads * width;
    }

    /** Rows of all weights: one for each query of each head. */
    int rows() {
      return Math.toIntExact((long) batch * heads * time);
    }

    double factor() {
      return 1 / Math.sqrt(width);
    }
  }

  private final CudaLauncher launcher;
  private final Precision precision;

  CudaAttention(CudaLauncher launcher) {
    this.launcher = launcher;
    this.precision = launcher.device().precision();
  }

  void forward(
      Tensor qkv, int heads, @Nullable Tensor bias, DropoutMask dropout, Tensor y, Tensor weights) {
    Sizes s = Sizes.of(qkv, heads);
    Heads scores = weights(CudaMemory.address(weights), s);
    multiply(
        s,
        s.time,
        s.time,
        s.width,
        s.factor(),
        part(qkv, s, QUERIES),
        false,
        part(qkv, s, KEYS),
        true,
        false,
        scores);
    if (bias != null) {
      Arguments.Region all = new Arguments.Region('r', CudaMemory.address(weights));
      addBias(all, bias, s, 0);
    }
    launcher.launch(
        Entry.CAUSAL_SOFTMAX, Grid.rows(s.rows(), s.time), weights, s.time, 0, s.time, s.rows());
    Heads heard = dropped(weights, dropout, s);
    multiply(
        s,
        s.time,
        s.width,
        s.time,
        1,
        heard,
        false,
        part(qkv, s, VALUES),
        false,
        false,
        output(y, s));
    CudaLauncher.keep(qkv, y, weights);
  }

  void backward(
      Tensor qkv,
      int heads,
      DropoutMask dropout,
      Tensor weights,
      Tensor dy,
      Tensor dQkv,
      boolean accumulate,
      @Nullable Tensor dBias) {
    Sizes s = Sizes.of(qkv, heads);
    Heads dOutput = output(dy, s);
    multiply(
        s,
        s.time,
        s.width,
        s.time,
        1,
        dropped(weights, dropout, s),
        true,
        dOutput,
        false,
        accumulate,
        part(dQkv, s, VALUES));
    // The dropped weights are used up, so their place is free for the gradient of the scores.
    Arguments.Region gradient = launcher.scratch().reals(Scratch.Use.ATTENTION, weights.size());
    Heads dScores = weights(gradient.address(), s);
    multiply(
        s, s.time, s.time, s.width, 1, dOutput, false, part(qkv, s, VALUES), true, false, dScores);
    launcher.launch(
        Entry.CAUSAL_SOFTMAX_BACKWARD,
        Grid.rows(s.rows(), s.time),
        weights,
        gradient,
        dropout.firstKey(),
        dropout.secondKey(),
        dropout.threshold(),
        dropout.scale(),
        s.factor(),
        s.time,
        s.rows());
    if (dBias != null) {
      long sums = (long) s.heads * s.time;
      launcher.launch(
          Entry.RELATIVE_BIAS_BACKWARD,
          Grid.elements(sums),
          gradient,
          1 / s.factor(),
          dBias,
          s.batch,
          s.heads,
          dBias.columns(),
          s.time,
          sums);
    }
    multiply(
        s,
        s.time,
        s.width,
        s.time,
        1,
        dScores,
        false,
        part(qkv, s, KEYS),
        false,
        accumulate,
        part(dQkv, s, QUERIES));
    multiply(
        s,
        s.time,
        s.width,
        s.time,
        1,
        dScores,
        true,
        part(qkv, s, QUERIES),
        false,
        accumulate,
        part(dQkv, s, KEYS));
    CudaLauncher.keep(qkv, weights, dy, dQkv);
  }

  /** What {@link org.wordmill.kernel.Kernels#continuedAttentionForward} says. */
  void resume(Tensor qkv, int heads, @Nullable Tensor bias, Tensor keysValues, int past, Tensor y) {
    Sizes s = Sizes.of(qkv, heads);
    int known = past + s.time;
    int channels = s.channels();
    long appended = 2L * channels * s.time;
    launcher.launch(
        Entry.APPEND_KEYS_VALUES,
        Grid.elements(appended),
        qkv,
        keysValues,
        past,
        channels,
        appended);
    long matrix = (long) s.time * known;
    Arguments.Region weights = launcher.scratch().reals(Scratch.Use.ATTENTION, s.heads * matrix);
    Heads scores = new Heads(weights.address(), known, s.heads * matrix, matrix);
    long cache = CudaMemory.address(keysValues);
    Heads keys = new Heads(cache, 2 * channels, keysValues.size(), s.width);
    Heads values =
        new Heads(
            cache + (long) channels * precision.bytes(), 2 * channels, keysValues.size(), s.width);
    multiply(
        s,
        s.time,
        known,
        s.width,
        s.factor(),
        part(qkv, s, QUERIES),
        false,
        keys,
        true,
        false,
        scores);
    if (bias != null) {
      addBias(weights, bias, s, past);
    }
    launcher.launch(
        Entry.CAUSAL_SOFTMAX, Grid.rows(s.rows(), known), weights, s.time, past, known, s.rows());
    multiply(s, s.time, s.width, known, 1, scores, false, values, false, false, output(y, s));
    CudaLauncher.keep(qkv, keysValues, y);
  }

  /** Adds what each head adds to the scores of pairs at their distance. */
  private void addBias(Arguments.Region scores, Tensor bias, Sizes s, int past) {
    long pairs = (long) s.rows() * (past + s.time);
    launcher.launch(
        Entry.ADD_RELATIVE_BIAS,
        Grid.elements(pairs),
        scores,
        bias,
        s.heads,
        bias.columns(),
        s.time,
        past,
        past + s.time,
        pairs);
  }

  /** The weights after dropout; the weights themselves if there is none. */
  private Heads dropped(Tensor weights, DropoutMask dropout, Sizes s) {
    if (dropout.threshold() == 0) {
      return weights(CudaMemory.address(weights), s);
    }
    Arguments.Region target = launcher.scratch().reals(Scratch.Use.ATTENTION, weights.size());
    launcher.launch(
        Entry.DROPOUT,
        Grid.elements(weights.size()),
        weights,
        dropout.firstKey(),
        dropout.secondKey(),
        dropout.threshold(),
        dropout.scale(),
        target,
        false,
        weights.size());
    return weights(target.address(), s);
  }

  /** Queries, keys or values, or their gradients, in [B, T, 3 C]. */
  private Heads part(Tensor qkv, Sizes s, int which) {
    int leading = 3 * s.channels();
    long offset = (long) which * s.channels() * precision.bytes();
    return new Heads(CudaMemory.address(qkv) + offset, leading, (long) s.time * leading, s.width);
  }

  /** The heads side by side in [B, T, C]. */
  private static Heads output(Tensor y, Sizes s) {
    return new Heads(CudaMemory.address(y), s.channels(), (long) s.time * s.channels(), s.width);
  }

  /** [B, H, T, T]. */
  private static Heads weights(long address, Sizes s) {
    long matrix = (long) s.time * s.time;
    return new Heads(address, s.time, s.heads * matrix, matrix);
  }

  /** One product for each head of each sequence: a batch over the larger number of the two. */
  private void multiply(
      Sizes s,
      int m,
      int n,
      int k,
      double alpha,
      Heads a,
      boolean transposeA,
      Heads b,
      boolean transposeB,
      boolean accumulate,
      Heads c) {
    boolean overSequences = s.batch >= s.heads;
    int launches = overSequences ? s.heads : s.batch;
    for (int i = 0; i < launches; i++) {
      launcher
          .device()
          .multiply(
              new Product(
                  m,
                  n,
                  k,
                  alpha,
                  matrix(a, i, overSequences),
                  transposeA,
                  matrix(b, i, overSequences),
                  transposeB,
                  accumulate ? 1 : 0,
                  matrix(c, i, overSequences),
                  overSequences ? s.batch : s.heads));
    }
  }

  /** Head {@code i} of every sequence, or every head of sequence {@code i}. */
  private Matrix matrix(Heads heads, int i, boolean overSequences) {
    long first = i * (overSequences ? heads.perHead : heads.perSequence);
    return new Matrix(
        heads.address + first * precision.bytes(),
        heads.leading,
        overSequences ? heads.perSequence : heads.perHead);
  }
}
