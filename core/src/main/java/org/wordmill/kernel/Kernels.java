package org.wordmill.kernel;

import org.jspecify.annotations.Nullable;

/**
 * How the operations of the modules are computed. A module says what (formula, shapes, what it
 * keeps for backward); an implementation of this interface says how, on one kind of device.
 *
 * <p>Conventions: N rows (usually B * T), I inputs, O outputs, C channels, V vocabulary, H heads.
 * Weights are [O, I]. {@code accumulate} says whether a gradient adds to what its tensor holds
 * (true) or overwrites it (false); gradients of parameters always add. Inputs and outputs never
 * overlap unless a method says so. An instance belongs to one thread.
 */
public interface Kernels extends CellKernels, ConvolutionKernels {

  /** A short name for logs: {@code reference}, {@code fused}. */
  String name();

  Precision precision();

  /** A new tensor of zeros where these kernels compute. */
  default Tensor zeros(int... shape) {
    return Tensor.zeros(precision(), shape);
  }

  /** Whether these kernels can compute on {@code tensor} where it lies. */
  default boolean reaches(Tensor tensor) {
    return tensor.precision() == precision() && tensor.memory() instanceof Nd4jMemory;
  }

  /** {@code tensor} itself, or a copy of it where these kernels compute. */
  default Tensor within(Tensor tensor) {
    if (reaches(tensor)) {
      return tensor;
    }
    Tensor copy = zeros(tensor.shape());
    copy.copyFrom(tensor);
    return copy;
  }

  /** y = x W^T + b. Shapes: x [N, I], W [O, I], b [O] or null, y [N, O]. */
  void linearForward(Tensor x, Tensor weight, @Nullable Tensor bias, Tensor y);

  /** dx = dy W. Shapes as in {@link #linearForward}. */
  void linearBackwardInput(Tensor dy, Tensor weight, Tensor dx, boolean accumulate);

  /** dW += dy^T x; db += column sums of dy. */
  void linearBackwardParameters(Tensor x, Tensor dy, Tensor dWeight, @Nullable Tensor dBias);

  /** Both of the above, which kernels may do with less work than one after the other. */
  default void linearBackward(
      Tensor x,
      Tensor dy,
      Tensor weight,
      Tensor dx,
      boolean accumulate,
      Tensor dWeight,
      @Nullable Tensor dBias) {
    linearBackwardParameters(x, dy, dWeight, dBias);
    linearBackwardInput(dy, weight, dx, accumulate);
  }

  /** y = f(x), element by element. */
  void activationForward(Activation f, Tensor x, Tensor y);

  /**
   * dx = dy * f'(x), from y = f(x) for the functions that say so ({@link
   * Activation#slopeFromOutput}), else from x; the other of the two is not read and may be any
   * tensor of the shape.
   */
  void activationBackward(
      Activation f, Tensor x, Tensor y, Tensor dy, Tensor dx, boolean accumulate);

  /** Each row of y is softmax of the row of x. */
  void softmaxForward(Tensor x, Tensor y);

  /** dx_i = y_i (dy_i - sum_j dy_j y_j), row by row. */
  void softmaxBackward(Tensor y, Tensor dy, Tensor dx, boolean accumulate);

  /**
   * The sum over rows of -log p[target], natural logarithm, as a loss of shape [1]; rows whose
   * target is {@link Ids#IGNORED} count nothing. Shapes: p [N, V].
   */
  void negativeLogLikelihoodForward(Tensor p, Ids targets, Tensor loss);

  /** dp[n, target_n] = -dloss / p[n, target_n], zero elsewhere. */
  void negativeLogLikelihoodBackward(
      Tensor p, Ids targets, Tensor dLoss, Tensor dp, boolean accumulate);

  /**
   * Softmax and cross-entropy in one: the sum over rows of log(sum_j exp z_j) - z_target, shape
   * [1]. {@code probabilities} receives softmax(logits) for the backward pass; it may be the same
   * tensor as {@code logits}.
   */
  void softmaxCrossEntropyForward(Tensor logits, Ids targets, Tensor probabilities, Tensor loss);

  /**
   * dlogits = dloss (p - onehot(target)); may overwrite {@code probabilities} when it is the same
   * tensor.
   */
  void softmaxCrossEntropyBackward(
      Tensor probabilities, Ids targets, Tensor dLoss, Tensor dLogits, boolean accumulate);

  /** y[n] = table[ids[n]]. Shapes: table [V, C], y [N, C]. */
  void embeddingForward(Tensor table, Ids ids, Tensor y);

  /** dtable[ids[n]] += dy[n], in the order of n. */
  void embeddingBackward(Ids ids, Tensor dy, Tensor dTable);

  /** y[b, t] = x[b, t] + positions[t]. Shapes: x, y [B, T, C], positions [at least T, C]. */
  void addPositionsForward(Tensor x, Tensor positions, Tensor y);

  /** dpositions[t] += sum over b of dy[b, t]. */
  void addPositionsBackward(Tensor dy, Tensor dPositions);

  /**
   * y[b, t] = x[b, t] + p[first + t], with the fixed p[t, 2i] = sin(t / 10000^(2i/C)) and p[t,
   * 2i+1] = cos(t / 10000^(2i/C)). Shapes: x, y [B, T, C].
   */
  void addSinusoids(Tensor x, int first, Tensor y);

  /**
   * Turns the queries and keys in {@code qkv} [B, T, 3 C], which hold H heads of width D side by
   * side, in place: at position first + t the pair (x_i, x_(i + D/2)) of a head turns by the angle
   * (first + t) / 10000^(2i/D), or back by it. Turning back is also the gradient of turning.
   */
  void rotary(Tensor qkv, int heads, int first, boolean inverse);

  /** z = x + y. */
  void add(Tensor x, Tensor y, Tensor z);

  /** target = source, or target += source. */
  void copy(Tensor source, Tensor target, boolean accumulate);

  /**
   * y = gain (x - mean) / sqrt(variance + epsilon) + bias, row by row, with the population
   * variance. Shapes: x, y [N, C]; gain, bias [C]; mean, rstd (1 / sqrt(variance + epsilon)) [N].
   */
  void layerNormForward(
      Tensor x, Tensor gain, Tensor bias, double epsilon, Tensor y, Tensor mean, Tensor rstd);

  /** The gradients of {@link #layerNormForward}; those of gain and bias add. */
  void layerNormBackward(
      Tensor x,
      Tensor gain,
      Tensor mean,
      Tensor rstd,
      Tensor dy,
      Tensor dx,
      boolean accumulate,
      Tensor dGain,
      Tensor dBias);

  /**
   * y = x * mask / (1 - rate), where element i is kept when {@link DropoutMask} says so for (seed,
   * i); the mask is recomputed in the backward pass, which is the same function of dy.
   */
  void dropout(Tensor x, double rate, long seed, Tensor y, boolean accumulate);

  /**
   * Causal scaled dot-product attention of H heads, y = dropout(softmax(mask(Q K^T / sqrt(C/H) +
   * bias))) V per head. {@code qkv} [B, T, 3 C] holds queries, keys, values side by side; y [B, T,
   * C] has the heads side by side; {@code weights} [B, H, T, T] receives the attention weights
   * before dropout for the backward pass; what lies above its diagonal is arbitrary.
   *
   * @param bias null for none, or [H, at least T]: what head h adds to the score of a pair is
   *     bias[h, distance]
   * @param rate of dropout of the weights, as in {@link #dropout} with the elements of {@code
   *     weights} counted row by row; 0 for none
   */
  void causalAttentionForward(
      Tensor qkv,
      int heads,
      @Nullable Tensor bias,
      double rate,
      long seed,
      Tensor y,
      Tensor weights);

  /** The same without a bias. */
  default void causalAttentionForward(
      Tensor qkv, int heads, double rate, long seed, Tensor y, Tensor weights) {
    causalAttentionForward(qkv, heads, null, rate, seed, y, weights);
  }

  /**
   * The gradient of {@link #causalAttentionForward} with respect to {@code qkv}, and with respect
   * to the bias, which adds.
   *
   * @param dBias null where there is no bias
   */
  void causalAttentionBackward(
      Tensor qkv,
      int heads,
      double rate,
      long seed,
      Tensor weights,
      Tensor dy,
      Tensor dQkv,
      boolean accumulate,
      @Nullable Tensor dBias);

  /** The same without a bias. */
  default void causalAttentionBackward(
      Tensor qkv,
      int heads,
      double rate,
      long seed,
      Tensor weights,
      Tensor dy,
      Tensor dQkv,
      boolean accumulate) {
    causalAttentionBackward(qkv, heads, rate, seed, weights, dy, dQkv, accumulate, null);
  }

  /**
   * The rows of causal attention that belong to n more tokens of one sequence, without dropout:
   * each hears the tokens before it and itself. {@code qkv} [1, n, 3 C] as in {@link
   * #causalAttentionForward}; {@code keysValues} [at least past + n, 2 C] has the keys and values,
   * side by side, of the {@code past} tokens before, and receives those of the new ones; y [1, n,
   * C].
   *
   * @param bias null for none, or [H, at least past + n]
   */
  void continuedAttentionForward(
      Tensor qkv, int heads, @Nullable Tensor bias, Tensor keysValues, int past, Tensor y);

  /** The same without a bias. */
  default void continuedAttentionForward(
      Tensor qkv, int heads, Tensor keysValues, int past, Tensor y) {
    continuedAttentionForward(qkv, heads, null, keysValues, past, y);
  }

  /** sum of squares, in double precision and in a fixed order. */
  double sumOfSquares(Tensor x);

  /** x = factor x. */
  void scale(Tensor x, double factor);

  /** y += factor x. */
  void addScaled(Tensor x, double factor, Tensor y);

  /**
   * One AdamW update of a range of the flat vector, g scaled by {@code gradientScale} first: m = b1
   * m + (1 - b1) g; v = b2 v + (1 - b2) g^2; w -= rate (m / (1 - b1^t) / (sqrt(v / (1 - b2^t)) +
   * epsilon) + decay w).
   *
   * @param step t, counted from 1
   */
  void adamW(
      Tensor w,
      Tensor g,
      Tensor m,
      Tensor v,
      double gradientScale,
      double rate,
      double beta1,
      double beta2,
      double epsilon,
      double decay,
      long step);

  /**
   * The first half of {@link #adamW}, which needs the gradient and not the parameters: m and v of a
   * range. With {@link #adamWStep} after it, the bits are those of the whole.
   */
  void adamWMoments(Tensor g, Tensor m, Tensor v, double gradientScale, double beta1, double beta2);

  /**
   * The second half of {@link #adamW}, which needs the parameters and not the gradient: w of a
   * range, whose m and v are those of this update already.
   */
  void adamWStep(Tensor w, Tensor m, Tensor v, AdamWStep numbers);

  /**
   * What changes the parameters in one AdamW update.
   *
   * @param step t, counted from 1
   */
  record AdamWStep(
      double rate, double beta1, double beta2, double epsilon, double decay, long step) {

    /** By which m is divided, because it began at zero. */
    public double correction1() {
      return 1 - Math.pow(beta1, step);
    }

    /** By which v is divided, because it began at zero. */
    public double correction2() {
      return 1 - Math.pow(beta2, step);
    }
  }
}
