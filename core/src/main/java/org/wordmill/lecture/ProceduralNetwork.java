package org.wordmill.lecture;

/**
 * A network of one hidden layer by the procedural method: forward and backward each one procedure,
 * every line of forward answered by a line of backward, in the opposite order.
 *
 * <pre>
 * forward            backward                                 shapes
 * a = alpha x + a0   dalpha = da x^T   da0 = da               x [M]  alpha [D, M]  a, a0 [D]
 * z = sigmoid(a)     da = dz * z * (1 - z)                    z [D]
 * b = beta z + b0    dbeta = db z^T    db0 = db   dz = beta^T db      beta [K, D]  b, b0 [K]
 * p = softmax(b)     db = (diag(p) - p p^T) dp                p [K]
 * J = -y . log p     dp = -y / p                              y [K], one 1 and else 0
 * </pre>
 *
 * One example at a time, in doubles, by loops. Natural logarithm. Source: lecture, procedural
 * method (NNForward and NNBackward).
 */
public final class ProceduralNetwork {
  private ProceduralNetwork() {}

  /** What is learned: weights [outputs][inputs] and biases [outputs] of both layers. */
  public record Parameters(double[][] alpha, double[] a0, double[][] beta, double[] b0) {}

  /** All that forward computed, which backward needs again. */
  public record Values(double[] x, double[] a, double[] z, double[] b, double[] p, double loss) {}

  /** The derivatives of J with respect to each parameter, in its shape. */
  public record Gradients(double[][] alpha, double[] a0, double[][] beta, double[] b0) {}

  /** NNForward. */
  public static Values forward(double[] x, double[] y, Parameters theta) {
    double[] a = affine(theta.alpha(), x, theta.a0());
    double[] z = new double[a.length];
    for (int i = 0; i < z.length; i++) {
      z[i] = 1 / (1 + Math.exp(-a[i]));
    }
    double[] b = affine(theta.beta(), z, theta.b0());
    double[] p = new double[b.length];
    double sum = 0;
    for (double score : b) {
      sum += Math.exp(score);
    }
    double loss = 0;
    for (int k = 0; k < p.length; k++) {
      p[k] = Math.exp(b[k]) / sum;
      loss -= y[k] * Math.log(p[k]);
    }
    return new Values(x, a, z, b, p, loss);
  }

  /** NNBackward. */
  public static Gradients backward(double[] y, Parameters theta, Values v) {
    double[] dp = new double[v.p().length];
    for (int k = 0; k < dp.length; k++) {
      dp[k] = -y[k] / v.p()[k];
    }
    double[] db = new double[dp.length];
    for (int k = 0; k < db.length; k++) {
      for (int l = 0; l < dp.length; l++) {
        db[k] += ((k == l ? v.p()[k] : 0) - v.p()[k] * v.p()[l]) * dp[l];
      }
    }
    double[][] dbeta = outer(db, v.z());
    double[] da = new double[v.z().length];
    for (int i = 0; i < da.length; i++) {
      double dz = 0;
      for (int k = 0; k < db.length; k++) {
        dz += theta.beta()[k][i] * db[k];
      }
      da[i] = dz * v.z()[i] * (1 - v.z()[i]);
    }
    return new Gradients(outer(da, v.x()), da, dbeta, db);
  }

  private static double[] affine(double[][] weights, double[] x, double[] bias) {
    double[] y = bias.clone();
    for (int i = 0; i < y.length; i++) {
      for (int j = 0; j < x.length; j++) {
        y[i] += weights[i][j] * x[j];
      }
    }
    return y;
  }

  private static double[][] outer(double[] left, double[] right) {
    double[][] product = new double[left.length][right.length];
    for (int i = 0; i < left.length; i++) {
      for (int j = 0; j < right.length; j++) {
        product[i][j] = left[i] * right[j];
      }
    }
    return product;
  }
}
