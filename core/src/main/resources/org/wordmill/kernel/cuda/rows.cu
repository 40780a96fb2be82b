// Softmax and losses, row by row.

KERNEL wm_softmax_forward(const REAL* x, REAL* y, Count rows, Count columns) {
  Count row = ROW();
  if (row >= rows) {
    return;
  }
  const REAL* in = x + row * columns;
  REAL* out = y + row * columns;
  REAL largest = MINUS_INFINITY;
  for (Count j = threadIdx.x; j < columns; j += blockDim.x) {
    largest = fmax(largest, in[j]);
  }
  largest = row_max(largest);
  REAL sum = 0;
  for (Count j = threadIdx.x; j < columns; j += blockDim.x) {
    REAL e = exp(in[j] - largest);
    out[j] = e;
    sum += e;
  }
  sum = row_sum(sum);
  for (Count j = threadIdx.x; j < columns; j += blockDim.x) {
    out[j] /= sum;
  }
}

KERNEL wm_softmax_backward(const REAL* y, const REAL* dy, REAL* dx, Count accumulate, Count rows,
                           Count columns) {
  Count row = ROW();
  if (row >= rows) {
    return;
  }
  Count start = row * columns;
  REAL inner = 0;
  for (Count j = threadIdx.x; j < columns; j += blockDim.x) {
    inner += y[start + j] * dy[start + j];
  }
  inner = row_sum(inner);
  for (Count j = threadIdx.x; j < columns; j += blockDim.x) {
    store(dx + start + j, y[start + j] * (dy[start + j] - inner), accumulate);
  }
}

// losses[row] = log(sum_j exp z_j) - z_target, 0 for ignored rows; probabilities may be logits.
KERNEL wm_cross_entropy_forward(const REAL* logits, const int* targets, REAL* probabilities,
                                double* losses, Count rows, Count columns) {
  Count row = ROW();
  if (row >= rows) {
    return;
  }
  const REAL* in = logits + row * columns;
  REAL* out = probabilities + row * columns;
  int target = targets[row];
  // Read before the first synchronization, because the row may be overwritten after it.
  REAL score = target < 0 ? (REAL)0 : in[target];
  REAL largest = MINUS_INFINITY;
  for (Count j = threadIdx.x; j < columns; j += blockDim.x) {
    largest = fmax(largest, in[j]);
  }
  largest = row_max(largest);
  REAL sum = 0;
  for (Count j = threadIdx.x; j < columns; j += blockDim.x) {
    REAL e = exp(in[j] - largest);
    out[j] = e;
    sum += e;
  }
  sum = row_sum(sum);
  for (Count j = threadIdx.x; j < columns; j += blockDim.x) {
    out[j] /= sum;
  }
  if (threadIdx.x == 0) {
    losses[row] = target < 0 ? 0.0 : log((double)sum) - ((double)score - (double)largest);
  }
}

KERNEL wm_cross_entropy_backward(const REAL* probabilities, const int* targets,
                                 const REAL* d_loss, REAL* d_logits, Count accumulate, Count rows,
                                 Count columns) {
  Count row = ROW();
  if (row >= rows) {
    return;
  }
  Count start = row * columns;
  int target = targets[row];
  REAL scale = target < 0 ? (REAL)0 : *d_loss;
  for (Count j = threadIdx.x; j < columns; j += blockDim.x) {
    REAL p = probabilities[start + j];
    store(d_logits + start + j, scale * (j == target ? p - 1 : p), accumulate);
  }
}

// losses[row] = -log p[row, target], 0 for ignored rows.
KERNEL wm_negative_log(const REAL* p, const int* targets, double* losses, Count rows,
                       Count columns) {
  FOR_EACH_ELEMENT(row, rows) {
    int target = targets[row];
    losses[row] = target < 0 ? 0.0 : -log((double)p[row * columns + target]);
  }
}

// dp[row, target] -= dloss / p[row, target]
KERNEL wm_negative_log_backward(const REAL* p, const int* targets, const REAL* d_loss, REAL* dp,
                                Count rows, Count columns) {
  FOR_EACH_ELEMENT(row, rows) {
    int target = targets[row];
    if (target >= 0) {
      dp[row * columns + target] -= *d_loss / p[row * columns + target];
    }
  }
}
