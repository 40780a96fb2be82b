// One step of recurrent cells with gates: a thread for each element of the state. The gates of a
// sequence lie side by side, each of them `width` numbers long.

// i, f, g, o; the gates are overwritten by their values.
KERNEL wm_lstm_forward(REAL* gates, const REAL* hidden, const REAL* before, REAL* cell, REAL* h,
                       Count width, Count n) {
  FOR_EACH_ELEMENT(e, n) {
    Count at = e / width * 4 * width + e % width;
    REAL i = logistic(gates[at] + hidden[at]);
    REAL f = logistic(gates[at + width] + hidden[at + width]);
    REAL g = tanh(gates[at + 2 * width] + hidden[at + 2 * width]);
    REAL o = logistic(gates[at + 3 * width] + hidden[at + 3 * width]);
    REAL c = f * before[e] + i * g;
    gates[at] = i;
    gates[at + width] = f;
    gates[at + 2 * width] = g;
    gates[at + 3 * width] = o;
    cell[e] = c;
    h[e] = o * tanh(c);
  }
}

// The gates are overwritten by their gradients, and the gradient of the cell by that of the one
// before.
KERNEL wm_lstm_backward(REAL* gates, const REAL* before, const REAL* cell, const REAL* dh,
                        REAL* d_cell, Count width, Count n) {
  FOR_EACH_ELEMENT(e, n) {
    Count at = e / width * 4 * width + e % width;
    REAL i = gates[at];
    REAL f = gates[at + width];
    REAL g = gates[at + 2 * width];
    REAL o = gates[at + 3 * width];
    REAL t = tanh(cell[e]);
    REAL ds = d_cell[e] + dh[e] * o * (1 - t * t);
    gates[at] = ds * g * i * (1 - i);
    gates[at + width] = ds * before[e] * f * (1 - f);
    gates[at + 2 * width] = ds * i * (1 - g * g);
    gates[at + 3 * width] = dh[e] * t * o * (1 - o);
    d_cell[e] = ds * f;
  }
}

// r, z, n; the gates are overwritten by their values, what the state says is kept.
KERNEL wm_gru_forward(REAL* gates, const REAL* hidden, const REAL* before, REAL* h, Count width,
                      Count n) {
  FOR_EACH_ELEMENT(e, n) {
    Count at = e / width * 3 * width + e % width;
    REAL r = logistic(gates[at] + hidden[at]);
    REAL z = logistic(gates[at + width] + hidden[at + width]);
    REAL c = tanh(gates[at + 2 * width] + r * hidden[at + 2 * width]);
    gates[at] = r;
    gates[at + width] = z;
    gates[at + 2 * width] = c;
    h[e] = (1 - z) * c + z * before[e];
  }
}

KERNEL wm_gru_backward(REAL* gates, REAL* hidden, const REAL* before, const REAL* dh,
                       REAL* d_before, Count width, Count n) {
  FOR_EACH_ELEMENT(e, n) {
    Count at = e / width * 3 * width + e % width;
    REAL r = gates[at];
    REAL z = gates[at + width];
    REAL c = gates[at + 2 * width];
    REAL dc = dh[e] * (1 - z) * (1 - c * c);
    REAL dr = dc * hidden[at + 2 * width] * r * (1 - r);
    REAL dz = dh[e] * (before[e] - c) * z * (1 - z);
    gates[at] = dr;
    gates[at + width] = dz;
    gates[at + 2 * width] = dc;
    hidden[at] = dr;
    hidden[at + width] = dz;
    hidden[at + 2 * width] = dc * r;
    d_before[e] += dh[e] * z;
  }
}
