package org.wordmill.kernel;

/**
 * The steps of {@link CellKernels} as formulas over numbers, in double precision: portable to any
 * memory.
 */
final class ReferenceCells {
  private ReferenceCells() {}

  static void lstmForward(Tensor gates, Tensor hidden, Tensor before, Tensor cell, Tensor h) {
    int width = h.columns();
    double[] a = gates.toDoubles();
    double[] u = hidden.toDoubles();
    double[] c = before.toDoubles();
    double[] shown = new double[c.length];
    for (int e = 0; e < c.length; e++) {
      int at = e / width * 4 * width + e % width;
      double i = sigmoid(a[at] + u[at]);
      double f = sigmoid(a[at + width] + u[at + width]);
      double g = Math.tanh(a[at + 2 * width] + u[at + 2 * width]);
      double o = sigmoid(a[at + 3 * width] + u[at + 3 * width]);
      c[e] = f * c[e] + i * g;
      shown[e] = o * Math.tanh(c[e]);
      a[at] = i;
      a[at + width] = f;
      a[at + 2 * width] = g;
      a[at + 3 * width] = o;
    }
    gates.copyFrom(a);
    cell.copyFrom(c);
    h.copyFrom(shown);
  }

  static void lstmBackward(Tensor gates, Tensor before, Tensor cell, Tensor dh, Tensor dCell) {
    int width = dh.columns();
    double[] a = gates.toDoubles();
    double[] old = before.toDoubles();
    double[] c = cell.toDoubles();
    double[] d = dh.toDoubles();
    double[] dc = dCell.toDoubles();
    for (int e = 0; e < c.length; e++) {
      int at = e / width * 4 * width + e % width;
      double i = a[at];
      double f = a[at + width];
      double g = a[at + 2 * width];
      double o = a[at + 3 * width];
      double t = Math.tanh(c[e]);
      double ds = dc[e] + d[e] * o * (1 - t * t);
      a[at] = ds * g * i * (1 - i);
      a[at + width] = ds * old[e] * f * (1 - f);
      a[at + 2 * width] = ds * i * (1 - g * g);
      a[at + 3 * width] = d[e] * t * o * (1 - o);
      dc[e] = ds * f;
    }
    gates.copyFrom(a);
    dCell.copyFrom(dc);
  }

  static void gruForward(Tensor gates, Tensor hidden, Tensor before, Tensor h) {
    int width = h.columns();
    double[] a = gates.toDoubles();
    double[] u = hidden.toDoubles();
    double[] state = before.toDoubles();
    for (int e = 0; e < state.length; e++) {
      int at = e / width * 3 * width + e % width;
      double r = sigmoid(a[at] + u[at]);
      double z = sigmoid(a[at + width] + u[at + width]);
      double n = Math.tanh(a[at + 2 * width] + r * u[at + 2 * width]);
      state[e] = (1 - z) * n + z * state[e];
      a[at] = r;
      a[at + width] = z;
      a[at + 2 * width] = n;
    }
    gates.copyFrom(a);
    h.copyFrom(state);
  }

  static void gruBackward(Tensor gates, Tensor hidden, Tensor before, Tensor dh, Tensor dBefore) {
    int width = dh.columns();
    double[] a = gates.toDoubles();
    double[] u = hidden.toDoubles();
    double[] old = before.toDoubles();
    double[] d = dh.toDoubles();
    double[] dOld = dBefore.toDoubles();
    for (int e = 0; e < d.length; e++) {
      int at = e / width * 3 * width + e % width;
      double r = a[at];
      double z = a[at + width];
      double n = a[at + 2 * width];
      double dz = d[e] * (old[e] - n) * z * (1 - z);
      double dn = d[e] * (1 - z) * (1 - n * n);
      double dr = dn * u[at + 2 * width] * r * (1 - r);
      a[at] = dr;
      a[at + width] = dz;
      a[at + 2 * width] = dn;
      u[at] = dr;
      u[at + width] = dz;
      u[at + 2 * width] = dn * r;
      dOld[e] += d[e] * z;
    }
    gates.copyFrom(a);
    hidden.copyFrom(u);
    dBefore.copyFrom(dOld);
  }

  private static double sigmoid(double x) {
    return 1 / (1 + Math.exp(-x));
  }
}
