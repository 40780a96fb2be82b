package org.wordmill.kernel;

/**
 * Windows over a tensor: which of its positions each output sees, position by position.
 *
 * <p>Positions and outputs are numbered like the rows of [B, D, H, W, C], taps (the positions of
 * one window) like those of [depth, height, width].
 *
 * @param depth the extent of the input, and {@code outDepth} that of the output; so the others
 */
public record Sliding(
    Windows windows,
    int batch,
    int depth,
    int height,
    int width,
    int outDepth,
    int outHeight,
    int outWidth) {

  /** What {@link #position} answers where a window reaches into the padding. */
  public static final int PADDING = -1;

  /**
   * @param x [B, D, H, W, C]
   * @throws IllegalArgumentException if a window does not fit
   */
  public static Sliding over(Tensor x, Windows windows) {
    if (x.rank() != 5) {
      throw new IllegalArgumentException(x + " is not [B, D, H, W, C]");
    }
    int depth = x.dimension(1);
    int height = x.dimension(2);
    int width = x.dimension(3);
    return new Sliding(
        windows,
        x.dimension(0),
        depth,
        height,
        width,
        windows.depth().outputs(depth),
        windows.height().outputs(height),
        windows.width().outputs(width));
  }

  /** The number of outputs. */
  public int outputs() {
    return Math.multiplyExact(
        Math.multiplyExact(batch, outDepth), Math.multiplyExact(outHeight, outWidth));
  }

  /** The position that {@code output} sees at {@code tap}, or {@link #PADDING}. */
  int position(int output, int tap) {
    Window h = windows.height();
    Window w = windows.width();
    int column = w.start(output % outWidth) + tap % w.size() * w.dilation();
    int line = output / outWidth;
    int lineTap = tap / w.size();
    int row = h.start(line % outHeight) + lineTap % h.size() * h.dilation();
    int plane = line / outHeight;
    Window d = windows.depth();
    int slice = d.start(plane % outDepth) + lineTap / h.size() * d.dilation();
    boolean inside = inside(column, width) && inside(row, height) && inside(slice, depth);
    return inside ? ((plane / outDepth * depth + slice) * height + row) * width + column : PADDING;
  }

  static boolean inside(int position, int extent) {
    return position >= 0 && position < extent;
  }
}
