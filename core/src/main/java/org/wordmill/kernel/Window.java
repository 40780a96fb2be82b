package org.wordmill.kernel;

/**
 * A window that slides along one axis: which positions each output of a convolution or of pooling
 * sees.
 *
 * <pre>
 * output o sees the positions   o stride - before + j dilation,   j = 0 .. size - 1
 * outputs(n) = floor((n + before + after - dilation (size - 1) - 1) / stride) + 1
 * </pre>
 *
 * With a padding of p at both ends and no dilation that is floor((n + 2p - size) / stride) + 1.
 * Positions outside of 0 .. n - 1 are padding: zeros to a convolution, nothing at all to pooling.
 *
 * @param size positions that a window sees; k in formulas
 * @param stride positions from one window to the next
 * @param dilation positions from one that a window sees to the next; 1 leaves none out
 * @param before padding before the first position
 * @param after padding behind the last position
 */
public record Window(int size, int stride, int dilation, int before, int after) {

  /**
   * @throws IllegalArgumentException if a size, stride or dilation is below 1 or a padding below 0
   */
  public Window {
    requireAtLeast(1, "size", size);
    requireAtLeast(1, "stride", stride);
    requireAtLeast(1, "dilation", dilation);
    requireAtLeast(0, "padding", Math.min(before, after));
    Math.addExact(Math.multiplyExact(dilation, size), Math.addExact(before, after));
  }

  private static void requireAtLeast(int least, String what, int value) {
    if (value < least) {
      throw new IllegalArgumentException(
          "the " + what + " of a window is at least " + least + ", not " + value);
    }
  }

  /** A window that moves by one position and stays inside: n - size + 1 outputs. */
  public static Window of(int size) {
    return new Window(size, 1, 1, 0, 0);
  }

  /**
   * A window that moves by one position with as much padding as leaves n outputs: half of it at
   * each end, and of an odd number one more behind.
   */
  public static Window same(int size) {
    return new Window(size, 1, 1, (size - 1) / 2, size / 2);
  }

  /** A window with n outputs of which each sees its own position and those before it. */
  public static Window causal(int size) {
    return new Window(size, 1, 1, size - 1, 0);
  }

  public Window withStride(int positions) {
    return new Window(size, positions, dilation, before, after);
  }

  /** The same padding at both ends. */
  public Window withPadding(int positions) {
    return new Window(size, stride, dilation, positions, positions);
  }

  public Window withDilation(int positions) {
    return new Window(size, stride, positions, before, after);
  }

  /** Positions from the first that a window sees to the last, both counted. */
  public int extent() {
    return dilation * (size - 1) + 1;
  }

  /**
   * How often the window fits on n positions.
   *
   * @throws IllegalArgumentException if it does not
   */
  public int outputs(int n) {
    long free = (long) n + before + after - extent();
    if (n < 1 || free < 0) {
      throw new IllegalArgumentException(
          "a window over "
              + extent()
              + " positions does not fit on "
              + n
              + " with a padding of "
              + before
              + " and "
              + after);
    }
    return Math.toIntExact(free / stride + 1);
  }

  /** What the first position of window {@code output} is; negative in the padding. */
  int start(int output) {
    return output * stride - before;
  }

  /** Whether every output is its own position and nothing else. */
  boolean isPoint() {
    return size == 1 && stride == 1 && before == 0 && after == 0;
  }
}
