package org.wordmill.kernel;

import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Convolution as the product of what every window sees with the weights, and max pooling as a
 * search, position by position.
 */
final class ReferenceConvolution {
  private ReferenceConvolution() {}

  static void forward(Tensor x, Windows windows, Tensor weight, @Nullable Tensor bias, Tensor y) {
    INDArray product = seen(x, windows).mmul(weights(weight, y.columns()).transpose());
    if (bias != null) {
      product.addi(bias.vector().reshape(1, y.columns()));
    }
    y.matrix().assign(product);
  }

  static void backwardInput(
      Tensor dy, Windows windows, Tensor weight, Tensor dx, boolean accumulate) {
    Sliding sliding = Sliding.over(dx, windows);
    int width = dx.columns();
    double[] dSeen = doubles(dy.matrix().mmul(weights(weight, dy.columns())));
    double[] sum = accumulate ? dx.toDoubles() : new double[Math.toIntExact(dx.size())];
    int at = 0;
    for (int output = 0; output < sliding.outputs(); output++) {
      for (int tap = 0; tap < windows.taps(); tap++) {
        int position = sliding.position(output, tap);
        for (int c = 0; c < width; c++, at++) {
          if (position != Sliding.PADDING) {
            sum[position * width + c] += dSeen[at];
          }
        }
      }
    }
    dx.copyFrom(sum);
  }

  static void backwardParameters(
      Tensor x, Windows windows, Tensor dy, Tensor dWeight, @Nullable Tensor dBias) {
    INDArray product = dy.matrix().transpose().mmul(seen(x, windows));
    dWeight.vector().reshape(product.shape()).addi(product);
    if (dBias != null) {
      dBias.vector().addi(dy.matrix().sum(0));
    }
  }

  /** A row for each output, with the channels of its taps side by side. */
  private static INDArray seen(Tensor x, Windows windows) {
    Sliding sliding = Sliding.over(x, windows);
    int width = x.columns();
    double[] values = x.toDoubles();
    double[] seen = new double[sliding.outputs() * windows.taps() * width];
    int at = 0;
    for (int output = 0; output < sliding.outputs(); output++) {
      for (int tap = 0; tap < windows.taps(); tap++) {
        int position = sliding.position(output, tap);
        for (int c = 0; c < width; c++, at++) {
          seen[at] = position == Sliding.PADDING ? 0 : values[position * width + c];
        }
      }
    }
    return Nd4j.createFromArray(seen)
        .castTo(x.precision().dataType())
        .reshape(sliding.outputs(), (long) windows.taps() * width);
  }

  private static INDArray weights(Tensor weight, int outputs) {
    return weight.vector().reshape(outputs, weight.size() / outputs);
  }

  private static double[] doubles(INDArray matrix) {
    return matrix
        .dup('c')
        .castTo(Precision.DOUBLE.dataType())
        .reshape(matrix.length())
        .toDoubleVector();
  }

  static void maxPoolForward(Tensor x, Windows windows, Tensor y, Tensor winners) {
    Sliding sliding = Sliding.over(x, windows);
    int width = x.columns();
    double[] values = x.toDoubles();
    double[] largest = new double[Math.toIntExact(y.size())];
    double[] winner = new double[largest.length];
    for (int e = 0; e < largest.length; e++) {
      boolean first = true;
      for (int tap = 0; tap < windows.taps(); tap++) {
        int position = sliding.position(e / width, tap);
        if (position != Sliding.PADDING) {
          double value = values[position * width + e % width];
          if (first || value > largest[e] || Double.isNaN(value)) {
            largest[e] = value;
            winner[e] = tap;
          }
          first = false;
        }
      }
    }
    y.copyFrom(largest);
    winners.copyFrom(winner);
  }

  static void maxPoolBackward(
      Tensor dy, Windows windows, Tensor winners, Tensor dx, boolean accumulate) {
    Sliding sliding = Sliding.over(dx, windows);
    int width = dx.columns();
    double[] gradient = dy.toDoubles();
    double[] winner = winners.toDoubles();
    double[] sum = accumulate ? dx.toDoubles() : new double[Math.toIntExact(dx.size())];
    for (int e = 0; e < gradient.length; e++) {
      int position = sliding.position(e / width, (int) winner[e]);
      sum[position * width + e % width] += gradient[e];
    }
    dx.copyFrom(sum);
  }
}
