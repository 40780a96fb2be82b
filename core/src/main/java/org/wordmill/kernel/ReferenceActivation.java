package org.wordmill.kernel;

import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.ops.transforms.Transforms;

/** Each {@link Activation} and its derivative over ND4J's basic operations. */
final class ReferenceActivation {
  private static final double ROOT_2_OVER_PI = Math.sqrt(2 / Math.PI);
  private static final double CUBIC = 0.044715;

  private ReferenceActivation() {}

  /** f(x) in a new array. */
  static INDArray value(Activation f, INDArray x) {
    return switch (f) {
      case SIGMOID -> Transforms.sigmoid(x, true);
      case TANH -> Transforms.tanh(x, true);
      case RELU -> positivePart(x);
      case GELU -> x.mul(gate(x));
    };
  }

  /** f'(x) in a new array; y is f(x). */
  static INDArray derivative(Activation f, INDArray x, INDArray y) {
    return switch (f) {
      case SIGMOID -> y.rsub(1).muli(y);
      case TANH -> y.mul(y).rsubi(1);
      case RELU -> x.gt(0).castTo(x.dataType());
      case GELU -> {
        // d(x s(u))/dx = s + x s (1 - s) u' with s the logistic function and u = 2 a (x + c x^3)
        INDArray s = gate(x);
        INDArray slope = x.mul(x).muli(3 * CUBIC).addi(1).muli(2 * ROOT_2_OVER_PI);
        yield s.rsub(1).muli(s).muli(x).muli(slope).addi(s);
      }
    };
  }

  /** 0.5 (1 + tanh(a (x + c x^3))), which is the logistic function of twice the argument. */
  private static INDArray gate(INDArray x) {
    INDArray u = x.mul(x).muli(CUBIC).addi(1).muli(x).muli(2 * ROOT_2_OVER_PI);
    return Transforms.sigmoid(u, false);
  }

  /** A comparison keeps NaN out of the result, so x itself decides what is passed on. */
  private static INDArray positivePart(INDArray x) {
    return x.add(Transforms.abs(x, true)).muli(0.5);
  }
}
