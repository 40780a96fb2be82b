// Sums over many rows or over whole vectors, in two steps of fixed order.

// partials[block] = the sum of the squares that the block met.
KERNEL wm_squares(const REAL* x, double* partials, Count n) {
  double sum = 0;
  FOR_EACH_ELEMENT(i, n) sum += (double)x[i] * (double)x[i];
  sum = row_sum(sum);
  if (threadIdx.x == 0) {
    partials[blockIdx.x] = sum;
  }
}

// total = the sum of n values; one block.
KERNEL wm_total(const double* values, double* total, Count n) {
  double sum = 0;
  FOR_EACH_ELEMENT(i, n) sum += values[i];
  sum = row_sum(sum);
  if (threadIdx.x == 0) {
    *total = sum;
  }
}

// The same, rounded.
KERNEL wm_loss(const double* values, REAL* loss, Count n) {
  double sum = 0;
  FOR_EACH_ELEMENT(i, n) sum += values[i];
  sum = row_sum(sum);
  if (threadIdx.x == 0) {
    *loss = (REAL)sum;
  }
}

// In kernels over columns a block has 32 columns side by side and 8 rows at a time, and blockIdx.y
// counts chunks of rows. The sum over the block's rows, known to those threads with threadIdx.y 0.
__device__ inline REAL column_sum(REAL value) {
  __shared__ REAL block[8][32];
  __syncthreads();
  block[threadIdx.y][threadIdx.x] = value;
  __syncthreads();
  REAL total = 0;
  if (threadIdx.y == 0) {
    for (int y = 0; y < 8; y++) {
      total += block[y][threadIdx.x];
    }
  }
  return total;
}

// partials[chunk, column] = the sum of x over the rows of the chunk.
KERNEL wm_column_partials(const REAL* x, REAL* partials, Count rows_per_chunk, Count rows,
                          Count columns) {
  Count column = (Count)blockIdx.x * 32 + threadIdx.x;
  Count first = blockIdx.y * rows_per_chunk;
  Count end = first + rows_per_chunk < rows ? first + rows_per_chunk : rows;
  REAL sum = 0;
  if (column < columns) {
    for (Count row = first + threadIdx.y; row < end; row += 8) {
      sum += x[row * columns + column];
    }
  }
  sum = column_sum(sum);
  if (threadIdx.y == 0 && column < columns) {
    partials[blockIdx.y * columns + column] = sum;
  }
}

// target[column] += the sum of partials over the chunks.
KERNEL wm_add_column_partials(const REAL* partials, REAL* target, Count chunks, Count columns) {
  FOR_EACH_ELEMENT(column, columns) {
    REAL sum = 0;
    for (Count chunk = 0; chunk < chunks; chunk++) {
      sum += partials[chunk * columns + column];
    }
    target[column] += sum;
  }
}
