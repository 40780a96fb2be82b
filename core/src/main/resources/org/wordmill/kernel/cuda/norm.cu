// Layer normalization.

KERNEL wm_layer_norm_forward(const REAL* x, const REAL* gain, const REAL* bias, Number epsilon,
                             REAL* y, REAL* mean, REAL* rstd, Count rows, Count columns) {
  Count row = ROW();
  if (row >= rows) {
    return;
  }
  const REAL* in = x + row * columns;
  REAL sum = 0;
  for (Count j = threadIdx.x; j < columns; j += blockDim.x) {
    sum += in[j];
  }
  REAL mu = row_sum(sum) / columns;
  REAL squares = 0;
  for (Count j = threadIdx.x; j < columns; j += blockDim.x) {
    squares += (in[j] - mu) * (in[j] - mu);
  }
  REAL r = 1 / sqrt(row_sum(squares) / columns + (REAL)epsilon);
  for (Count j = threadIdx.x; j < columns; j += blockDim.x) {
    y[row * columns + j] = (in[j] - mu) * r * gain[j] + bias[j];
  }
  if (threadIdx.x == 0) {
    mean[row] = mu;
    rstd[row] = r;
  }
}

// dx = rstd (g - mean(g) - n mean(g n)), with n the normalized x and g = dy gain.
KERNEL wm_layer_norm_backward(const REAL* x, const REAL* gain, const REAL* mean, const REAL* rstd,
                              const REAL* dy, REAL* dx, Count accumulate, Count rows,
                              Count columns) {
  Count row = ROW();
  if (row >= rows) {
    return;
  }
  Count start = row * columns;
  REAL mu = mean[row];
  REAL r = rstd[row];
  REAL sum = 0;
  REAL product = 0;
  for (Count j = threadIdx.x; j < columns; j += blockDim.x) {
    REAL g = dy[start + j] * gain[j];
    sum += g;
    product += g * ((x[start + j] - mu) * r);
  }
  sum = row_sum(sum) / columns;
  product = row_sum(product) / columns;
  for (Count j = threadIdx.x; j < columns; j += blockDim.x) {
    REAL normalized = (x[start + j] - mu) * r;
    REAL g = dy[start + j] * gain[j];
    store(dx + start + j, r * (g - sum - normalized * product), accumulate);
  }
}

// The partial sums over the rows of a chunk of dy n, for the gain, and of dy, for the bias.
KERNEL wm_layer_norm_partials(const REAL* x, const REAL* mean, const REAL* rstd, const REAL* dy,
                              REAL* gain_partials, REAL* bias_partials, Count rows_per_chunk,
                              Count rows, Count columns) {
  Count column = (Count)blockIdx.x * 32 + threadIdx.x;
  Count first = blockIdx.y * rows_per_chunk;
  Count end = first + rows_per_chunk < rows ? first + rows_per_chunk : rows;
  REAL gain_sum = 0;
  REAL bias_sum = 0;
  if (column < columns) {
    for (Count row = first + threadIdx.y; row < end; row += 8) {
      REAL d = dy[row * columns + column];
      gain_sum += d * ((x[row * columns + column] - mean[row]) * rstd[row]);
      bias_sum += d;
    }
  }
  gain_sum = column_sum(gain_sum);
  bias_sum = column_sum(bias_sum);
  if (threadIdx.y == 0 && column < columns) {
    gain_partials[blockIdx.y * columns + column] = gain_sum;
    bias_partials[blockIdx.y * columns + column] = bias_sum;
  }
}
