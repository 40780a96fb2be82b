// The parts of causal attention that are not matrix products. A row is one query of one head of
// one sequence; query t hears the first t + 1 of time columns.

// Scores to weights in place; 0 where nothing is heard. Query t of a head hears past + t + 1 of
// the columns.
KERNEL wm_causal_softmax(REAL* weights, Count queries, Count past, Count columns, Count rows) {
  Count row = ROW();
  if (row >= rows) {
    return;
  }
  REAL* w = weights + row * columns;
  Count heard = past + row % queries + 1;
  REAL largest = MINUS_INFINITY;
  for (Count j = threadIdx.x; j < heard; j += blockDim.x) {
    largest = fmax(largest, w[j]);
  }
  largest = row_max(largest);
  REAL sum = 0;
  for (Count j = threadIdx.x; j < heard; j += blockDim.x) {
    w[j] = exp(w[j] - largest);
    sum += w[j];
  }
  sum = row_sum(sum);
  for (Count j = threadIdx.x; j < columns; j += blockDim.x) {
    w[j] = j < heard ? w[j] / sum : (REAL)0;
  }
}

// Appends the keys and values of new tokens, columns of [q k v], to the rows [k v] of past ones.
KERNEL wm_append_keys_values(const REAL* qkv, REAL* keys_values, Count past, Count channels,
                             Count n) {
  FOR_EACH_ELEMENT(i, n) {
    Count row = i / (2 * channels);
    Count column = i % (2 * channels);
    keys_values[past * 2 * channels + i] = qkv[row * 3 * channels + channels + column];
  }
}

// The gradient of the weights after dropout to that of the scores, in place:
// ds = factor w (drop(d) - sum_j drop(d)_j w_j); 0 where nothing is heard.
KERNEL wm_causal_softmax_backward(const REAL* weights, REAL* d, Count first_key, Count second_key,
                                  Count threshold, Number scale, Number factor, Count time,
                                  Count rows) {
  Count row = ROW();
  if (row >= rows) {
    return;
  }
  Count start = row * time;
  Count heard = row % time + 1;
  REAL inner = 0;
  for (Count j = threadIdx.x; j < heard; j += blockDim.x) {
    bool kept = keeps(start + j, first_key, second_key, threshold);
    REAL dropped = d[start + j] * (kept ? (REAL)scale : (REAL)0);
    d[start + j] = dropped;
    inner += dropped * weights[start + j];
  }
  inner = row_sum(inner);
  for (Count j = threadIdx.x; j < time; j += blockDim.x) {
    d[start + j] = j < heard ? (REAL)factor * weights[start + j] * (d[start + j] - inner) : (REAL)0;
  }
}
