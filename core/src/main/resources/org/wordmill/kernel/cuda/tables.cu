// Rows of tables by their ids.

KERNEL wm_embedding_forward(const REAL* table, const int* ids, REAL* y, Count columns, Count n) {
  FOR_EACH_ELEMENT(i, n) y[i] = table[ids[i / columns] * columns + i % columns];
}

// dtable[row[k]] += dy[order[i]] for i from starts[k] to starts[k + 1], in that order. A block
// has one row; blockIdx.y counts pieces of its columns.
KERNEL wm_embedding_backward(const REAL* dy, const int* row, const int* starts, const int* order,
                             REAL* d_table, Count columns) {
  Count column = (Count)blockIdx.y * blockDim.x + threadIdx.x;
  if (column >= columns) {
    return;
  }
  REAL* target = d_table + row[blockIdx.x] * columns + column;
  REAL sum = *target;
  for (int i = starts[blockIdx.x]; i < starts[blockIdx.x + 1]; i++) {
    sum += dy[order[i] * columns + column];
  }
  *target = sum;
}
