package org.wordmill.kernel;

import java.nio.ByteBuffer;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;

/** Softmax of rows, alone and together with cross-entropy. */
final class FusedSoftmax {
  private final Lanes lanes;

  FusedSoftmax(Lanes lanes) {
    this.lanes = lanes;
  }

  void forward(Tensor x, Tensor y) {
    ByteBuffer in = x.bytes();
    ByteBuffer out = y.bytes();
    int columns = x.columns();
    for (int row = 0; row < x.rows(); row++) {
      float maximum = maximum(in, row * columns, columns);
      float sum = exponentials(in, out, row * columns, columns, maximum);
      scale(out, row * columns, columns, 1 / sum);
    }
  }

  void backward(Tensor y, Tensor dy, Tensor dx, boolean accumulate) {
    ByteBuffer p = y.bytes();
    ByteBuffer in = dy.bytes();
    ByteBuffer out = dx.bytes();
    int columns = y.columns();
    int whole = Lanes.whole(columns);
    int rest = columns - whole;
    for (int row = 0; row < y.rows(); row++) {
      int start = row * columns;
      FloatVector products = Lanes.all(0);
      for (int i = 0; i < whole; i += Lanes.WIDTH) {
        products = Lanes.load(p, start + i).fma(Lanes.load(in, start + i), products);
      }
      if (rest > 0) {
        FloatVector tail = lanes.load(p, start + whole, rest, 0);
        products = tail.fma(lanes.load(in, start + whole, rest, 0), products);
      }
      float inner = lanes.sum(products);
      for (int i = 0; i < whole; i += Lanes.WIDTH) {
        FloatVector v = Lanes.load(in, start + i).sub(inner).mul(Lanes.load(p, start + i));
        Lanes.store(accumulate ? v.add(Lanes.load(out, start + i)) : v, out, start + i);
      }
      if (rest > 0) {
        FloatVector v = lanes.load(in, start + whole, rest, 0).sub(inner);
        v = v.mul(lanes.load(p, start + whole, rest, 0));
        v = accumulate ? v.add(lanes.load(out, start + whole, rest, 0)) : v;
        lanes.store(v, out, start + whole, rest);
      }
    }
  }

  /** The loss; {@code probabilities} may be {@code logits}. */
  double crossEntropyForward(Tensor logits, Ids targets, Tensor probabilities) {
    ByteBuffer in = logits.bytes();
    ByteBuffer out = probabilities.bytes();
    int columns = logits.columns();
    int[] target = targets.values();
    double loss = 0;
    for (int row = 0; row < logits.rows(); row++) {
      int start = row * columns;
      float maximum = maximum(in, start, columns);
      // Read before the memory may be overwritten.
      float right = target[row] == Ids.IGNORED ? 0 : in.getFloat((start + target[row]) << 2);
      float sum = exponentials(in, out, start, columns, maximum);
      scale(out, start, columns, 1 / sum);
      if (target[row] != Ids.IGNORED) {
        loss += Math.log(sum) + ((double) maximum - right);
      }
    }
    return loss;
  }

  /** {@code dLogits} may be {@code probabilities} when it does not accumulate. */
  void crossEntropyBackward(
      Tensor probabilities, Ids targets, float dLoss, Tensor dLogits, boolean accumulate) {
    ByteBuffer p = probabilities.bytes();
    ByteBuffer out = dLogits.bytes();
    boolean inPlace = probabilities == dLogits;
    int columns = probabilities.columns();
    int[] target = targets.values();
    for (int row = 0; row < target.length; row++) {
      int start = row * columns;
      if (target[row] == Ids.IGNORED) {
        if (!accumulate) {
          Lanes.clear(out, start, start + columns);
        }
        continue;
      }
      if (!inPlace || dLoss != 1) {
        scaleTo(p, out, start, columns, dLoss, accumulate);
      }
      int at = (start + target[row]) << 2;
      out.putFloat(at, out.getFloat(at) - dLoss);
    }
  }

  float maximum(ByteBuffer x, int start, int columns) {
    int whole = Lanes.whole(columns);
    FloatVector largest = Lanes.all(Float.NEGATIVE_INFINITY);
    for (int i = 0; i < whole; i += Lanes.WIDTH) {
      largest = largest.max(Lanes.load(x, start + i));
    }
    if (whole < columns) {
      largest = largest.max(lanes.load(x, start + whole, columns - whole, Float.NEGATIVE_INFINITY));
    }
    return largest.reduceLanes(VectorOperators.MAX);
  }

  /** y = exp(x - maximum), and its sum. */
  float exponentials(ByteBuffer x, ByteBuffer y, int start, int columns, float maximum) {
    int whole = Lanes.whole(columns);
    FloatVector sum = Lanes.all(0);
    for (int i = 0; i < whole; i += Lanes.WIDTH) {
      FloatVector e = Lanes.exp(Lanes.load(x, start + i).sub(maximum));
      sum = sum.add(e);
      Lanes.store(e, y, start + i);
    }
    float total = lanes.sum(sum);
    for (int i = start + whole; i < start + columns; i++) {
      float e = (float) Math.exp(x.getFloat(i << 2) - maximum);
      total += e;
      y.putFloat(i << 2, e);
    }
    return total;
  }

  void scale(ByteBuffer y, int start, int columns, float factor) {
    scaleTo(y, y, start, columns, factor, false);
  }

  private void scaleTo(
      ByteBuffer x, ByteBuffer y, int start, int columns, float factor, boolean accumulate) {
    int whole = Lanes.whole(columns);
    for (int i = 0; i < whole; i += Lanes.WIDTH) {
      FloatVector v = Lanes.load(x, start + i).mul(factor);
      Lanes.store(accumulate ? v.add(Lanes.load(y, start + i)) : v, y, start + i);
    }
    int rest = columns - whole;
    if (rest > 0) {
      FloatVector v = lanes.load(x, start + whole, rest, 0).mul(factor);
      v = accumulate ? v.add(lanes.load(y, start + whole, rest, 0)) : v;
      lanes.store(v, y, start + whole, rest);
    }
  }
}
