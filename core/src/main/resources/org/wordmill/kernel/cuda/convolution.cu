// Windows over the positions of [B, D, H, W, C]. What they are comes as six ints for each of the
// three axes, outermost first.

struct Axis {
  int extent, outputs, size, stride, dilation, before;
};

#define AXES(windows) (*(const Axis(*)[3])(windows))

// The position that an output sees at a tap, or -1 in the padding. Outputs are counted over all
// samples, and so are positions.
__device__ inline Count seen_position(const Axis (&axis)[3], Count output, Count tap) {
  Count at[3];
  for (int i = 2; i >= 0; i--) {
    at[i] = output % axis[i].outputs * axis[i].stride - axis[i].before +
            tap % axis[i].size * axis[i].dilation;
    output /= axis[i].outputs;
    tap /= axis[i].size;
    if (at[i] < 0 || at[i] >= axis[i].extent) {
      return -1;
    }
  }
  return ((output * axis[0].extent + at[0]) * axis[1].extent + at[1]) * axis[2].extent + at[2];
}

__device__ inline Count taps_of(const Axis (&axis)[3]) {
  return (Count)axis[0].size * axis[1].size * axis[2].size;
}

// The output that sees a position at a tap, or -1 if there is none.
__device__ inline Count output_that_sees(const Axis (&axis)[3], Count position, Count tap) {
  Count at[3];
  for (int i = 2; i >= 0; i--) {
    Count start = position % axis[i].extent + axis[i].before - tap % axis[i].size * axis[i].dilation;
    position /= axis[i].extent;
    tap /= axis[i].size;
    at[i] = start / axis[i].stride;
    if (start < 0 || start % axis[i].stride != 0 || at[i] >= axis[i].outputs) {
      return -1;
    }
  }
  return ((position * axis[0].outputs + at[0]) * axis[1].outputs + at[1]) * axis[2].outputs + at[2];
}

// A row for each output, with the channels of its taps side by side; zeros for the padding.
KERNEL wm_unfold(const REAL* x, const int* windows, REAL* seen, Count channels, Count n) {
  Count taps = taps_of(AXES(windows));
  FOR_EACH_ELEMENT(e, n) {
    Count row = e / channels;
    Count position = seen_position(AXES(windows), row / taps, row % taps);
    seen[e] = position < 0 ? (REAL)0 : x[position * channels + e % channels];
  }
}

// The gradient of unfolding: every element of x gathers what the taps that see it say.
KERNEL wm_fold(const REAL* d_seen, const int* windows, REAL* dx, Count channels, Count accumulate,
               Count n) {
  Count taps = taps_of(AXES(windows));
  FOR_EACH_ELEMENT(e, n) {
    REAL sum = 0;
    for (Count tap = 0; tap < taps; tap++) {
      Count output = output_that_sees(AXES(windows), e / channels, tap);
      if (output >= 0) {
        sum += d_seen[(output * taps + tap) * channels + e % channels];
      }
    }
    store(dx + e, sum, accumulate);
  }
}

KERNEL wm_max_pool_forward(const REAL* x, const int* windows, REAL* y, REAL* winners,
                           Count channels, Count n) {
  Count taps = taps_of(AXES(windows));
  FOR_EACH_ELEMENT(e, n) {
    REAL largest = 0;
    Count winner = -1;
    for (Count tap = 0; tap < taps; tap++) {
      Count position = seen_position(AXES(windows), e / channels, tap);
      if (position >= 0) {
        REAL value = x[position * channels + e % channels];
        if (winner < 0 || value > largest || value != value) {
          largest = value;
          winner = tap;
        }
      }
    }
    y[e] = largest;
    winners[e] = (REAL)winner;
  }
}

KERNEL wm_max_pool_backward(const REAL* dy, const int* windows, const REAL* winners, REAL* dx,
                            Count channels, Count accumulate, Count n) {
  Count taps = taps_of(AXES(windows));
  FOR_EACH_ELEMENT(e, n) {
    REAL sum = 0;
    for (Count tap = 0; tap < taps; tap++) {
      Count output = output_that_sees(AXES(windows), e / channels, tap);
      Count at = output * channels + e % channels;
      if (output >= 0 && winners[at] == (REAL)tap) {
        sum += dy[at];
      }
    }
    store(dx + e, sum, accumulate);
  }
}
