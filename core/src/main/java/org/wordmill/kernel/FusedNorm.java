package org.wordmill.kernel;

import java.nio.ByteBuffer;
import jdk.incubator.vector.FloatVector;

/** Layer normalization row by row; a row stays in the nearest cache between its passes. */
final class FusedNorm {
  private final Lanes lanes;

  FusedNorm(Lanes lanes) {
    this.lanes = lanes;
  }

  void forward(
      Tensor input, Tensor gain, Tensor bias, double epsilon, Tensor y, Tensor mean, Tensor rstd) {
    ByteBuffer x = input.bytes();
    ByteBuffer g = gain.bytes();
    ByteBuffer b = bias.bytes();
    ByteBuffer out = y.bytes();
    ByteBuffer means = mean.bytes();
    ByteBuffer rstds = rstd.bytes();
    int columns = input.columns();
    int whole = Lanes.whole(columns);
    int rest = columns - whole;
    for (int row = 0; row < input.rows(); row++) {
      int start = row * columns;
      FloatVector sum = Lanes.all(0);
      for (int i = 0; i < whole; i += Lanes.WIDTH) {
        sum = sum.add(Lanes.load(x, start + i));
      }
      if (rest > 0) {
        sum = sum.add(lanes.load(x, start + whole, rest, 0));
      }
      float mu = lanes.sum(sum) / columns;
      FloatVector squares = Lanes.all(0);
      for (int i = 0; i < whole; i += Lanes.WIDTH) {
        FloatVector d = Lanes.load(x, start + i).sub(mu);
        squares = d.fma(d, squares);
      }
      if (rest > 0) {
        FloatVector d = lanes.load(x, start + whole, rest, mu).sub(mu);
        squares = d.fma(d, squares);
      }
      float r = (float) (1 / Math.sqrt(lanes.sum(squares) / columns + epsilon));
      for (int i = 0; i < whole; i += Lanes.WIDTH) {
        FloatVector n = Lanes.load(x, start + i).sub(mu).mul(r);
        Lanes.store(n.fma(Lanes.load(g, i), Lanes.load(b, i)), out, start + i);
      }
      if (rest > 0) {
        FloatVector n = lanes.load(x, start + whole, rest, 0).sub(mu).mul(r);
        FloatVector scaled = n.mul(lanes.load(g, whole, rest, 0));
        lanes.store(scaled.add(lanes.load(b, whole, rest, 0)), out, start + whole, rest);
      }
      means.putFloat(row << 2, mu);
      rstds.putFloat(row << 2, r);
    }
  }

  void backward(
      Tensor input,
      Tensor gain,
      Tensor mean,
      Tensor rstd,
      Tensor dy,
      Tensor dx,
      boolean accumulate,
      Tensor dGain,
      Tensor dBias) {
    ByteBuffer x = input.bytes();
    ByteBuffer g = gain.bytes();
    ByteBuffer means = mean.bytes();
    ByteBuffer rstds = rstd.bytes();
    ByteBuffer in = dy.bytes();
    ByteBuffer out = dx.bytes();
    ByteBuffer dg = dGain.bytes();
    ByteBuffer db = dBias.bytes();
    int columns = input.columns();
    int whole = Lanes.whole(columns);
    int rest = columns - whole;
    for (int row = 0; row < input.rows(); row++) {
      int start = row * columns;
      float mu = means.getFloat(row << 2);
      float r = rstds.getFloat(row << 2);
      FloatVector sum = Lanes.all(0);
      FloatVector product = Lanes.all(0);
      for (int i = 0; i < whole; i += Lanes.WIDTH) {
        FloatVector n = Lanes.load(x, start + i).sub(mu).mul(r);
        FloatVector d = Lanes.load(in, start + i);
        Lanes.store(d.fma(n, Lanes.load(dg, i)), dg, i);
        Lanes.store(d.add(Lanes.load(db, i)), db, i);
        FloatVector scaled = d.mul(Lanes.load(g, i));
        sum = sum.add(scaled);
        product = scaled.fma(n, product);
      }
      if (rest > 0) {
        FloatVector n = lanes.load(x, start + whole, rest, mu).sub(mu).mul(r);
        FloatVector d = lanes.load(in, start + whole, rest, 0);
        lanes.store(d.fma(n, lanes.load(dg, whole, rest, 0)), dg, whole, rest);
        lanes.store(d.add(lanes.load(db, whole, rest, 0)), db, whole, rest);
        FloatVector scaled = d.mul(lanes.load(g, whole, rest, 0));
        sum = sum.add(scaled);
        product = scaled.fma(n, product);
      }
      float a = lanes.sum(sum) / columns;
      FloatVector b = Lanes.all(-lanes.sum(product) / columns);
      for (int i = 0; i < whole; i += Lanes.WIDTH) {
        FloatVector n = Lanes.load(x, start + i).sub(mu).mul(r);
        FloatVector scaled = Lanes.load(in, start + i).mul(Lanes.load(g, i));
        FloatVector v = n.fma(b, scaled.sub(a)).mul(r);
        Lanes.store(accumulate ? v.add(Lanes.load(out, start + i)) : v, out, start + i);
      }
      if (rest > 0) {
        FloatVector n = lanes.load(x, start + whole, rest, 0).sub(mu).mul(r);
        FloatVector scaled = lanes.load(in, start + whole, rest, 0);
        scaled = scaled.mul(lanes.load(g, whole, rest, 0));
        FloatVector v = n.fma(b, scaled.sub(a)).mul(r);
        v = accumulate ? v.add(lanes.load(out, start + whole, rest, 0)) : v;
        lanes.store(v, out, start + whole, rest);
      }
    }
  }
}
