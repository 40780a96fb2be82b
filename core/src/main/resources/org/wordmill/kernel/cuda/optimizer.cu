// Updates of parameters.

KERNEL wm_adamw(REAL* w, const REAL* g, REAL* m, REAL* v, Number gradient_scale, Number rate,
                Number beta1, Number beta2, Number correction1, Number correction2, Number epsilon,
                Number decay, Count n) {
  FOR_EACH_ELEMENT(i, n) {
    REAL gradient = (REAL)gradient_scale * g[i];
    REAL first = (REAL)beta1 * m[i] + (REAL)(1 - beta1) * gradient;
    REAL second = (REAL)beta2 * v[i] + (REAL)(1 - beta2) * gradient * gradient;
    m[i] = first;
    v[i] = second;
    REAL step = (first / (REAL)correction1) / (sqrt(second / (REAL)correction2) + (REAL)epsilon);
    w[i] -= (REAL)rate * (step + (REAL)decay * w[i]);
  }
}
