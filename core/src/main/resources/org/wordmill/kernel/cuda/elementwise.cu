// Kernels that treat every element alike.

KERNEL wm_fill(REAL* x, Number value, Count n) {
  FOR_EACH_ELEMENT(i, n) x[i] = (REAL)value;
}

KERNEL wm_add(const REAL* x, const REAL* y, REAL* z, Count n) {
  FOR_EACH_ELEMENT(i, n) z[i] = x[i] + y[i];
}

KERNEL wm_accumulate(const REAL* source, REAL* target, Count n) {
  FOR_EACH_ELEMENT(i, n) target[i] += source[i];
}

KERNEL wm_scale(REAL* x, Number factor, Count n) {
  FOR_EACH_ELEMENT(i, n) x[i] *= (REAL)factor;
}

KERNEL wm_add_scaled(const REAL* x, Number factor, REAL* y, Count n) {
  FOR_EACH_ELEMENT(i, n) y[i] += (REAL)factor * x[i];
}

// y[i] += row[i mod columns]
KERNEL wm_add_row(const REAL* row, REAL* y, Count columns, Count n) {
  FOR_EACH_ELEMENT(i, n) y[i] += row[i % columns];
}

// y[i] = x[i] + positions[i mod period], where a period is one sequence.
KERNEL wm_add_positions(const REAL* x, const REAL* positions, REAL* y, Count period, Count n) {
  FOR_EACH_ELEMENT(i, n) y[i] = x[i] + positions[i % period];
}

// dpositions[i] += dy[i] of every sequence, in their order.
KERNEL wm_add_positions_backward(const REAL* dy, REAL* d_positions, Count batch, Count period) {
  FOR_EACH_ELEMENT(i, period) {
    REAL sum = 0;
    for (Count b = 0; b < batch; b++) {
      sum += dy[b * period + i];
    }
    d_positions[i] += sum;
  }
}

#define SIGMOID 0
#define TANH 1
#define RELU 2
#define GELU 3

__device__ inline REAL logistic(REAL x) { return 1 / (1 + exp(-x)); }

// 2 sqrt(2/pi) (x + 0.044715 x^3); the logistic function of it is GELU's gate.
__device__ inline REAL gelu_argument(REAL x) {
  return (REAL)1.5957691216057308 * x * (1 + (REAL)0.044715 * x * x);
}

KERNEL wm_activation_forward(Count f, const REAL* x, REAL* y, Count n) {
  FOR_EACH_ELEMENT(i, n) {
    REAL v = x[i];
    switch (f) {
      case SIGMOID: y[i] = logistic(v); break;
      case TANH: y[i] = tanh(v); break;
      case RELU: y[i] = v < 0 ? 0 : v; break;  // NaN is not below 0 and passes
      case GELU: y[i] = v * logistic(gelu_argument(v)); break;
    }
  }
}

KERNEL wm_activation_backward(Count f, const REAL* x, const REAL* y, const REAL* dy, REAL* dx,
                              Count accumulate, Count n) {
  FOR_EACH_ELEMENT(i, n) {
    REAL v = x[i];
    REAL slope = 0;
    switch (f) {
      case SIGMOID: slope = y[i] * (1 - y[i]); break;
      case TANH: slope = 1 - y[i] * y[i]; break;
      case RELU: slope = v > 0 ? 1 : 0; break;
      case GELU: {
        REAL gate = logistic(gelu_argument(v));
        REAL inner = (REAL)1.5957691216057308 * (1 + (REAL)0.134145 * v * v);
        slope = gate + v * gate * (1 - gate) * inner;
        break;
      }
    }
    store(dx + i, dy[i] * slope, accumulate);
  }
}

KERNEL wm_dropout(const REAL* x, Count first_key, Count second_key, Count threshold, Number scale,
                  REAL* y, Count accumulate, Count n) {
  FOR_EACH_ELEMENT(i, n) {
    REAL factor = keeps(i, first_key, second_key, threshold) ? (REAL)scale : (REAL)0;
    store(y + i, x[i] * factor, accumulate);
  }
}
