// What all kernels share. REAL is float or double; it comes from the compiler's options.
//
// Every parameter of a kernel takes eight bytes: a pointer, a Count, or a Number. Sums are taken in
// an order that follows from the shapes alone, and nothing is added atomically: the same input
// gives the same bits.

typedef long long Count;
typedef double Number;

#define KERNEL extern "C" __global__ void __launch_bounds__(256)

// Spelled in bits, because there are no headers at run time.
#define MINUS_INFINITY ((REAL)__int_as_float((int)0xff800000u))

#define FOR_EACH_ELEMENT(i, n)                                                       \
  for (Count i = (Count)blockIdx.x * blockDim.x + threadIdx.x; i < (n);              \
       i += (Count)gridDim.x * blockDim.x)

// In kernels over rows, blockDim.x threads share a row: one warp, of which a block has blockDim.y,
// or a whole block.
#define ROW() ((Count)blockIdx.x * blockDim.y + threadIdx.y)

__device__ inline void store(REAL* target, REAL value, Count accumulate) {
  *target = accumulate ? *target + value : value;
}

// The sum over the threads of a row, known to all of them.
template <typename T>
__device__ T row_sum(T value) {
  for (int lanes = 16; lanes > 0; lanes >>= 1) {
    value += __shfl_xor_sync(0xffffffffu, value, lanes);
  }
  if (blockDim.x == 32) {
    return value;
  }
  __shared__ T of_warp[8];
  __syncthreads();
  if ((threadIdx.x & 31) == 0) {
    of_warp[threadIdx.x >> 5] = value;
  }
  __syncthreads();
  T total = of_warp[0];
  for (int warp = 1; warp < (int)(blockDim.x >> 5); warp++) {
    total += of_warp[warp];
  }
  return total;
}

// The largest value of a row's threads, known to all of them; NaN counts as nothing here and shows
// in the sums that follow.
__device__ inline REAL row_max(REAL value) {
  for (int lanes = 16; lanes > 0; lanes >>= 1) {
    value = fmax(value, __shfl_xor_sync(0xffffffffu, value, lanes));
  }
  if (blockDim.x == 32) {
    return value;
  }
  __shared__ REAL of_warp[8];
  __syncthreads();
  if ((threadIdx.x & 31) == 0) {
    of_warp[threadIdx.x >> 5] = value;
  }
  __syncthreads();
  REAL largest = of_warp[0];
  for (int warp = 1; warp < (int)(blockDim.x >> 5); warp++) {
    largest = fmax(largest, of_warp[warp]);
  }
  return largest;
}

// The dropout mask: the finalizer of MurmurHash3 twice, as the Java side documents it.
__device__ inline unsigned mixed(unsigned h) {
  h = (h ^ (h >> 16)) * 0x85EBCA6Bu;
  h = (h ^ (h >> 13)) * 0xC2B2AE35u;
  return h ^ (h >> 16);
}

__device__ inline bool keeps(Count index, Count first_key, Count second_key, Count threshold) {
  unsigned hash = mixed(mixed((unsigned)index + (unsigned)first_key) + (unsigned)second_key);
  return (Count)(hash >> 8) >= threshold;
}
