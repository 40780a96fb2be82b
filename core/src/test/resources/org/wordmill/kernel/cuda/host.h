// Enough of CUDA to compile the kernels' sources as C++ and to run them on the host, a block at a
// time. In kernels that synchronize, every thread of a block is a fiber, and a synchronization
// hands over to the next one; that is right as long as all threads of a block meet the same
// synchronizations, or leave before the first.

#include <math.h>
#include <setjmp.h>
#include <string.h>
#include <ucontext.h>

struct Triple {
  unsigned x, y, z;
};

static Triple blockIdx, threadIdx, blockDim, gridDim;

#define __global__
#define __device__
#define __shared__ static
#define __launch_bounds__(threads)

static const int MOST_THREADS = 256;
static jmp_buf scheduler;
static jmp_buf fibers[MOST_THREADS];
static bool created[MOST_THREADS];
static bool finished[MOST_THREADS];
static unsigned shuffles[MOST_THREADS];
static char stacks[MOST_THREADS][1 << 15];
static char exchanged[2][MOST_THREADS][8];
static int current;

static void enter(int thread) {
  current = thread;
  threadIdx.x = thread % blockDim.x;
  threadIdx.y = thread / blockDim.x;
}

static void __syncthreads() {
  if (_setjmp(fibers[current]) == 0) {
    _longjmp(scheduler, 1);
  }
}

// Two places, because a thread may be one exchange ahead of another.
template <typename T>
static T __shfl_xor_sync(unsigned, T value, int lanes) {
  int thread = current;
  unsigned place = shuffles[thread]++ & 1;
  memcpy(exchanged[place][thread], &value, sizeof(T));
  __syncthreads();
  T other;
  memcpy(&other, exchanged[place][thread ^ lanes], sizeof(T));
  return other;
}

static float __int_as_float(int bits) {
  float value;
  memcpy(&value, &bits, sizeof(value));
  return value;
}

typedef void (*Kernel)(const long long*);

static Kernel running;
static const long long* passed;

// A fiber lives as long as the process and runs one thread after the other.
static void fiber() {
  for (;;) {
    running(passed);
    finished[current] = true;
    __syncthreads();
  }
}

// Runs a thread up to its next synchronization. Jumps, because switching whole contexts asks the
// operating system every time; a context is made once, for the stack.
static void proceed(int thread) {
  enter(thread);
  if (_setjmp(scheduler) != 0) {
    return;
  }
  if (created[thread]) {
    _longjmp(fibers[thread], 1);
  }
  created[thread] = true;
  static ucontext_t context;
  getcontext(&context);
  context.uc_stack.ss_sp = stacks[thread];
  context.uc_stack.ss_size = sizeof(stacks[thread]);
  context.uc_link = 0;
  makecontext(&context, fiber, 0);
  setcontext(&context);
}

static void run_block(bool synchronizes) {
  int threads = blockDim.x * blockDim.y;
  if (!synchronizes) {
    for (int i = 0; i < threads; i++) {
      enter(i);
      running(passed);
    }
    return;
  }
  for (int i = 0; i < threads; i++) {
    finished[i] = false;
    shuffles[i] = 0;
  }
  for (int left = threads; left > 0;) {
    for (int i = 0; i < threads; i++) {
      if (!finished[i]) {
        proceed(i);
        left -= finished[i];
      }
    }
  }
}

static void run_grid(Kernel kernel, bool synchronizes, const unsigned* grid,
                     const long long* arguments) {
  running = kernel;
  passed = arguments;
  gridDim = {grid[0], grid[1], 1};
  blockDim = {grid[2], grid[3], 1};
  for (unsigned y = 0; y < gridDim.y; y++) {
    for (unsigned x = 0; x < gridDim.x; x++) {
      blockIdx = {x, y, 0};
      run_block(synchronizes);
    }
  }
}

// The argument of a kernel in its eight bytes.
template <typename T>
static T argument(const long long* arguments, int i) {
  T value;
  memcpy(&value, &arguments[i], sizeof(T));
  return value;
}
