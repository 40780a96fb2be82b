// Updates of parameters.

__device__ inline void update_moments(REAL gradient, REAL* m, REAL* v, Number beta1, Number beta2) {
  *m = (REAL)beta1 * *m + (REAL)(1 - beta1) * gradient;
  *v = (REAL)beta2 * *v + (REAL)(1 - beta2) * gradient * gradient;
}

__device__ inline REAL stepped(REAL w, REAL m, REAL v, Number rate, Number correction1,
                               Number correction2, Number epsilon, Number decay) {
  REAL step = (m / (REAL)correction1) / (sqrt(v / (REAL)correction2) + (REAL)epsilon);
  return w - (REAL)rate * (step + (REAL)decay * w);
}

KERNEL wm_adamw(REAL* w, const REAL* g, REAL* m, REAL* v, Number gradient_scale, Number rate,
                Number beta1, Number beta2, Number correction1, Number correction2, Number epsilon,
                Number decay, Count n) {
  FOR_EACH_ELEMENT(i, n) {
    update_moments((REAL)gradient_scale * g[i], m + i, v + i, beta1, beta2);
    w[i] = stepped(w[i], m[i], v[i], rate, correction1, correction2, epsilon, decay);
  }
}

// The first half of wm_adamw, which needs no parameters.
KERNEL wm_adamw_moments(const REAL* g, REAL* m, REAL* v, Number gradient_scale, Number beta1,
                        Number beta2, Count n) {
  FOR_EACH_ELEMENT(i, n) {
    update_moments((REAL)gradient_scale * g[i], m + i, v + i, beta1, beta2);
  }
}

// The second half of wm_adamw, which needs no gradient.
KERNEL wm_adamw_step(REAL* w, const REAL* m, const REAL* v, Number rate, Number correction1,
                     Number correction2, Number epsilon, Number decay, Count n) {
  FOR_EACH_ELEMENT(i, n) {
    w[i] = stepped(w[i], m[i], v[i], rate, correction1, correction2, epsilon, decay);
  }
}
