package org.wordmill.kernel;

import org.jspecify.annotations.Nullable;

/**
 * How convolutions and max pooling over boxes are computed. Shapes: x [B, D, H, W, I], y [B, D',
 * H', W', O] with the extents that {@link Window#outputs} says, weights [O, taps, I] in the order
 * of the taps (any shape of that many elements with I last). Conventions are those of {@link
 * Kernels}.
 */
public interface ConvolutionKernels {

  /**
   * y[o] = b + sum over taps j of W_j x[position(o, j)], where x is zero in the padding. It is the
   * product that the literature on signals calls cross-correlation: the weights are not reversed.
   *
   * @param bias [O] or null
   */
  void convolutionForward(
      Tensor x, Windows windows, Tensor weight, @Nullable Tensor bias, Tensor y);

  /** dx[position(o, j)] += W_j^T dy[o], for all outputs and taps. */
  void convolutionBackwardInput(
      Tensor dy, Windows windows, Tensor weight, Tensor dx, boolean accumulate);

  /** dW_j += sum over outputs of dy[o] x[position(o, j)]^T; db += sum of dy[o]. */
  void convolutionBackwardParameters(
      Tensor x, Windows windows, Tensor dy, Tensor dWeight, @Nullable Tensor dBias);

  /**
   * y[o] = the largest x[position(o, j)] over the taps that are not padding, channel by channel;
   * NaN where one of them is. There is no dilation, and every window sees a position.
   *
   * @param winners of y's shape; receives the tap that was largest, the first of equal ones
   */
  void maxPoolForward(Tensor x, Windows windows, Tensor y, Tensor winners);

  /** dx[position(o, winner of o)] += dy[o], channel by channel. */
  void maxPoolBackward(Tensor dy, Windows windows, Tensor winners, Tensor dx, boolean accumulate);
}
