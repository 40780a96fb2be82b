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

// Turns queries and keys in place, pair i of a head with i + half; rows of turns are
// [cosines sines]. n counts the pairs of queries and keys.
KERNEL wm_rotary(REAL* qkv, const REAL* turns, Count first, Count time, Count heads, Count half,
                 Number sign, Count n) {
  FOR_EACH_ELEMENT(i, n) {
    Count pair = i % half;
    Count head = i / half % (2 * heads);
    Count row = i / half / (2 * heads);
    const REAL* turn = turns + (first + row % time) * 2 * half + pair;
    REAL* x = qkv + row * 6 * heads * half + head * 2 * half + pair;
    REAL sine = (REAL)sign * turn[half];
    REAL a = x[0];
    REAL b = x[half];
    x[0] = a * turn[0] - b * sine;
    x[half] = b * turn[0] + a * sine;
  }
}

// scores[.., head, query, column] += bias[head, distance]; query t stands at past + t.
KERNEL wm_add_relative_bias(REAL* scores, const REAL* bias, Count heads, Count longest,
                            Count queries, Count past, Count columns, Count n) {
  FOR_EACH_ELEMENT(i, n) {
    Count query = i / columns % queries;
    Count head = i / columns / queries % heads;
    Count distance = past + query - i % columns;
    if (distance >= 0) {
      scores[i] += bias[head * longest + distance];
    }
  }
}

// d_bias[head, distance] += factor times the gradients of the scores of that distance, over the
// sequences and then the queries. n counts heads and distances.
KERNEL wm_relative_bias_backward(const REAL* d, Number factor, REAL* d_bias, Count batch,
                                 Count heads, Count longest, Count time, Count n) {
  FOR_EACH_ELEMENT(i, n) {
    Count head = i / time;
    Count distance = i % time;
    REAL sum = 0;
    for (Count b = 0; b < batch; b++) {
      const REAL* scores = d + (b * heads + head) * time * time;
      for (Count query = distance; query < time; query++) {
        sum += scores[query * time + query - distance];
      }
    }
    d_bias[head * longest + distance] += (REAL)factor * sum;
  }
}
