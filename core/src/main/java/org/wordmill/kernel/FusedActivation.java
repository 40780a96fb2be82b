package org.wordmill.kernel;

import java.nio.ByteBuffer;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;

/** Each {@link Activation} and its derivative on vectors, in one pass over memory. */
final class FusedActivation {
  private static final float ROOT_2_OVER_PI = (float) Math.sqrt(2 / Math.PI);
  private static final float CUBIC = 0.044715f;

  private static final float MINUS_2A = -2 * ROOT_2_OVER_PI;
  private static final float MINUS_2AC = -2 * ROOT_2_OVER_PI * CUBIC;
  private static final float PLUS_2A = 2 * ROOT_2_OVER_PI;
  private static final float PLUS_6AC = 6 * ROOT_2_OVER_PI * CUBIC;
  // (tanh(x) / x - 1) / x^2 in powers of x^2, interpolated at the Chebyshev nodes of [0, NEAR^2].
  private static final float NEAR = 0.625f;
  private static final float T0 = -0.333333283662796f;
  private static final float T1 = 0.1333276927471161f;
  private static final float T2 = -0.05385090783238411f;
  private static final float T3 = 0.020997179672122f;
  private static final float T4 = -0.006096714176237583f;

  private final Lanes lanes;

  FusedActivation(Lanes lanes) {
    this.lanes = lanes;
  }

  void forward(Activation f, ByteBuffer x, ByteBuffer y, int size) {
    int whole = Lanes.whole(size);
    // A method for each loop: together, the compiler would not inline all that is in them.
    switch (f) {
      case SIGMOID -> logistic(x, y, whole);
      case TANH -> tanh(x, y, whole);
      case RELU -> relu(x, y, whole);
      case GELU -> gelu(x, y, whole);
    }
    int rest = size - whole;
    if (rest > 0) {
      FloatVector v = lanes.load(x, whole, rest, 0);
      FloatVector value =
          switch (f) {
            case SIGMOID -> logistic(v);
            case TANH -> tanh(v);
            case RELU -> v.max(0);
            case GELU -> gelu(v);
          };
      lanes.store(value, y, whole, rest);
    }
  }

  void backward(
      Activation f,
      ByteBuffer x,
      ByteBuffer y,
      ByteBuffer dy,
      ByteBuffer dx,
      int size,
      boolean accumulate) {
    int whole = Lanes.whole(size);
    switch (f) {
      case SIGMOID -> logisticBackward(y, dy, dx, whole, accumulate);
      case TANH -> tanhBackward(y, dy, dx, whole, accumulate);
      case RELU -> reluBackward(x, dy, dx, whole, accumulate);
      case GELU -> geluBackward(x, dy, dx, whole, accumulate);
    }
    int rest = size - whole;
    if (rest > 0) {
      FloatVector slope =
          switch (f) {
            case SIGMOID -> logisticSlope(lanes.load(y, whole, rest, 0));
            case TANH -> tanhSlope(lanes.load(y, whole, rest, 0));
            case RELU -> reluSlope(lanes.load(x, whole, rest, 0));
            case GELU -> geluSlope(lanes.load(x, whole, rest, 0));
          };
      FloatVector g = slope.mul(lanes.load(dy, whole, rest, 0));
      g = accumulate ? g.add(lanes.load(dx, whole, rest, 0)) : g;
      lanes.store(g, dx, whole, rest);
    }
  }

  private static void logistic(ByteBuffer x, ByteBuffer y, int size) {
    for (int i = 0; i < size; i += Lanes.WIDTH) {
      Lanes.store(logistic(Lanes.load(x, i)), y, i);
    }
  }

  private static void tanh(ByteBuffer x, ByteBuffer y, int size) {
    for (int i = 0; i < size; i += Lanes.WIDTH) {
      Lanes.store(tanh(Lanes.load(x, i)), y, i);
    }
  }

  private static void relu(ByteBuffer x, ByteBuffer y, int size) {
    for (int i = 0; i < size; i += Lanes.WIDTH) {
      Lanes.store(Lanes.load(x, i).max(0), y, i);
    }
  }

  private static void gelu(ByteBuffer x, ByteBuffer y, int size) {
    for (int i = 0; i < size; i += Lanes.WIDTH) {
      Lanes.store(gelu(Lanes.load(x, i)), y, i);
    }
  }

  private static void logisticBackward(
      ByteBuffer y, ByteBuffer dy, ByteBuffer dx, int size, boolean accumulate) {
    for (int i = 0; i < size; i += Lanes.WIDTH) {
      FloatVector g = logisticSlope(Lanes.load(y, i)).mul(Lanes.load(dy, i));
      Lanes.store(accumulate ? g.add(Lanes.load(dx, i)) : g, dx, i);
    }
  }

  private static void tanhBackward(
      ByteBuffer y, ByteBuffer dy, ByteBuffer dx, int size, boolean accumulate) {
    for (int i = 0; i < size; i += Lanes.WIDTH) {
      FloatVector g = tanhSlope(Lanes.load(y, i)).mul(Lanes.load(dy, i));
      Lanes.store(accumulate ? g.add(Lanes.load(dx, i)) : g, dx, i);
    }
  }

  private static void reluBackward(
      ByteBuffer x, ByteBuffer dy, ByteBuffer dx, int size, boolean accumulate) {
    for (int i = 0; i < size; i += Lanes.WIDTH) {
      FloatVector g = reluSlope(Lanes.load(x, i)).mul(Lanes.load(dy, i));
      Lanes.store(accumulate ? g.add(Lanes.load(dx, i)) : g, dx, i);
    }
  }

  private static void geluBackward(
      ByteBuffer x, ByteBuffer dy, ByteBuffer dx, int size, boolean accumulate) {
    for (int i = 0; i < size; i += Lanes.WIDTH) {
      FloatVector g = geluSlope(Lanes.load(x, i)).mul(Lanes.load(dy, i));
      Lanes.store(accumulate ? g.add(Lanes.load(dx, i)) : g, dx, i);
    }
  }

  static FloatVector logistic(FloatVector x) {
    return Lanes.all(1).div(Lanes.exp(x.neg()).add(Lanes.all(1)));
  }

  static FloatVector logisticSlope(FloatVector y) {
    return y.mul(Lanes.all(1).sub(y));
  }

  /**
   * Near zero x + x^3 T(x^2), elsewhere 1 - 2 / (exp(2 |x|) + 1) with the sign of x. The vector
   * API's own function gives other bits in compiled code than in interpreted code.
   */
  static FloatVector tanh(FloatVector x) {
    FloatVector magnitude = x.abs();
    FloatVector e = Lanes.exp(magnitude.add(magnitude));
    FloatVector far = Lanes.all(1).sub(Lanes.all(2).div(e.add(1)));
    FloatVector signed = far.blend(far.neg(), x.compare(VectorOperators.LT, 0));
    FloatVector z = x.mul(x);
    FloatVector near = z.fma(Lanes.all(T4), Lanes.all(T3)).fma(z, Lanes.all(T2));
    near = near.fma(z, Lanes.all(T1)).fma(z, Lanes.all(T0)).mul(z).fma(x, x);
    return signed.blend(near, magnitude.compare(VectorOperators.LT, NEAR));
  }

  static FloatVector tanhSlope(FloatVector y) {
    return Lanes.all(1).sub(y.mul(y));
  }

  /** 1 where x > 0, else 0, but NaN for NaN: a comparison alone would hide it. */
  private static FloatVector reluSlope(FloatVector x) {
    return x.mul(Lanes.all(0)).blend(Lanes.all(1), x.compare(VectorOperators.GT, Lanes.all(0)));
  }

  /** -u of the GELU: exp(-u) is what the logistic function needs. */
  private static FloatVector minusU(FloatVector x, FloatVector squared) {
    return squared.fma(Lanes.all(MINUS_2AC), Lanes.all(MINUS_2A)).mul(x);
  }

  private static FloatVector gelu(FloatVector x) {
    return x.div(Lanes.exp(minusU(x, x.mul(x))).add(Lanes.all(1)));
  }

  private static FloatVector geluSlope(FloatVector x) {
    FloatVector squared = x.mul(x);
    FloatVector s = Lanes.all(1).div(Lanes.exp(minusU(x, squared)).add(Lanes.all(1)));
    FloatVector uSlope = squared.fma(Lanes.all(PLUS_6AC), Lanes.all(PLUS_2A));
    // s + x s (1 - s) u' = s (1 + x u' (1 - s))
    return uSlope.mul(x).mul(Lanes.all(1).sub(s)).add(Lanes.all(1)).mul(s);
  }
}
