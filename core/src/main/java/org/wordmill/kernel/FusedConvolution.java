package org.wordmill.kernel;

import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;
import org.wordmill.kernel.Blas.Matrix;

/**
 * Convolution as matrix products of what the windows see, laid out a piece at a time in memory that
 * the processor's cache holds (im2col), with the weights.
 *
 * <p>Along the innermost axis the channels of neighbouring positions lie side by side in the input
 * as in a row of the layout, so that a line of a window is one range.
 */
final class FusedConvolution {
  /** Elements of the layout at once. */
  private static final int PIECE = 1 << 18;

  /** From this length on, a range is worth the start of a bulk operation. */
  private static final int LONG = 16;

  private final FusedVectors vectors;
  private final Blas blas;
  private @Nullable Tensor scratch;

  FusedConvolution(FusedVectors vectors, Blas blas) {
    this.vectors = vectors;
    this.blas = blas;
  }

  void forward(Tensor x, Windows windows, Tensor weight, @Nullable Tensor bias, Tensor y) {
    Sliding sliding = Sliding.over(x, windows);
    int seen = windows.taps() * x.columns();
    int outputs = y.columns();
    if (bias != null) {
      vectors.repeat(bias.bytes(), y.bytes(), y.rows(), outputs);
    }
    int piece = piece(windows, seen, y.rows());
    for (int first = 0; first < y.rows(); first += piece) {
      int count = Math.min(piece, y.rows() - first);
      blas.multiplyByTransposed(
          count,
          outputs,
          seen,
          1,
          layout(x, sliding, first, count, seen),
          new Matrix(weight, 0, seen),
          bias == null ? 0 : 1,
          new Matrix(y, (long) first * outputs, outputs));
    }
  }

  void backwardInput(Tensor dy, Windows windows, Tensor weight, Tensor dx, boolean accumulate) {
    Sliding sliding = Sliding.over(dx, windows);
    int seen = windows.taps() * dx.columns();
    int outputs = dy.columns();
    if (!accumulate) {
      Lanes.clear(dx.bytes(), 0, Math.toIntExact(dx.size()));
    }
    int piece = piece(windows, seen, dy.rows());
    for (int first = 0; first < dy.rows(); first += piece) {
      int count = Math.min(piece, dy.rows() - first);
      boolean direct = windows.isPoint();
      Matrix result = direct ? new Matrix(dx, 0, seen) : new Matrix(room(count, seen), 0, seen);
      blas.multiply(
          count,
          seen,
          outputs,
          1,
          new Matrix(dy, (long) first * outputs, outputs),
          new Matrix(weight, 0, seen),
          direct ? 1 : 0,
          result);
      if (!direct) {
        move(dx, sliding, first, count, result.tensor().bytes(), true);
      }
    }
  }

  void backwardParameters(
      Tensor x, Windows windows, Tensor dy, Tensor dWeight, @Nullable Tensor dBias) {
    Sliding sliding = Sliding.over(x, windows);
    int seen = windows.taps() * x.columns();
    int outputs = dy.columns();
    int piece = piece(windows, seen, dy.rows());
    for (int first = 0; first < dy.rows(); first += piece) {
      int count = Math.min(piece, dy.rows() - first);
      blas.multiplyTransposed(
          outputs,
          seen,
          count,
          1,
          new Matrix(dy, (long) first * outputs, outputs),
          layout(x, sliding, first, count, seen),
          1,
          new Matrix(dWeight, 0, seen));
    }
    if (dBias != null) {
      vectors.addRows(dy.bytes(), dBias.bytes(), dy.rows(), outputs);
    }
  }

  /** Outputs at once; all of them where the input is its own layout. */
  private static int piece(Windows windows, int seen, int rows) {
    return windows.isPoint() ? rows : Math.min(rows, Math.max(1, PIECE / seen));
  }

  private Tensor room(int rows, int seen) {
    Tensor known = scratch;
    if (known == null || known.size() < (long) rows * seen) {
      known = Tensor.zeros(Precision.FLOAT, rows, seen);
      scratch = known;
    }
    return known;
  }

  private Matrix layout(Tensor x, Sliding sliding, int first, int count, int seen) {
    if (sliding.windows().isPoint()) {
      return new Matrix(x, 0, seen);
    }
    Tensor room = room(count, seen);
    move(x, sliding, first, count, room.bytes(), false);
    return new Matrix(room, 0, seen);
  }

  /**
   * Lays out what the outputs from {@code first} on see of x; or, back, adds the layout to where it
   * would have come from.
   */
  private void move(Tensor x, Sliding s, int first, int count, ByteBuffer layout, boolean back) {
    Window d = s.windows().depth();
    Window h = s.windows().height();
    int channels = x.columns();
    int line = s.windows().width().size() * channels;
    int at = 0;
    for (int output = first; output < first + count; output++) {
      int column = s.windows().width().start(output % s.outWidth());
      int row = h.start(output / s.outWidth() % s.outHeight());
      int plane = output / s.outWidth() / s.outHeight();
      int slice = d.start(plane % s.outDepth());
      int sample = plane / s.outDepth();
      for (int i = 0; i < d.size(); i++, slice += d.dilation()) {
        for (int j = 0; j < h.size(); j++, at += line) {
          int y = row + j * h.dilation();
          if (Sliding.inside(slice, s.depth()) && Sliding.inside(y, s.height())) {
            int start = ((sample * s.depth() + slice) * s.height() + y) * s.width();
            moveLine(x.bytes(), start, column, s, channels, layout, at, back);
          } else if (!back) {
            clear(layout, at, line);
          }
        }
      }
    }
  }

  /** One line of a window, of which the ends may be padding. */
  private void moveLine(
      ByteBuffer x,
      int start,
      int column,
      Sliding s,
      int channels,
      ByteBuffer layout,
      int at,
      boolean back) {
    Window w = s.windows().width();
    int run = w.dilation() == 1 ? w.size() : 1;
    for (int tap = 0; tap < w.size(); tap += run) {
      int from = column + tap * w.dilation();
      int to = at + tap * channels;
      int skipped = Math.min(run, Math.max(0, -from));
      int end = Math.max(skipped, Math.min(run, s.width() - from));
      int length = (end - skipped) * channels;
      int inside = (start + from + skipped) * channels;
      if (back) {
        add(layout, to + skipped * channels, x, inside, length);
      } else {
        clear(layout, to, skipped * channels);
        copy(x, inside, layout, to + skipped * channels, length);
        clear(layout, to + end * channels, (run - end) * channels);
      }
    }
  }

  private static void clear(ByteBuffer memory, int start, int length) {
    for (int i = start; i < start + length; i++) {
      memory.putFloat(i << 2, 0);
    }
  }

  private static void copy(ByteBuffer x, int from, ByteBuffer y, int to, int length) {
    if (length >= LONG) {
      y.put(to << 2, x, from << 2, length << 2);
      return;
    }
    for (int i = 0; i < length; i++) {
      y.putFloat((to + i) << 2, x.getFloat((from + i) << 2));
    }
  }

  private void add(ByteBuffer x, int from, ByteBuffer y, int to, int length) {
    if (length >= LONG) {
      vectors.copy(x, from, y, to, length, true);
      return;
    }
    for (int i = 0; i < length; i++) {
      y.putFloat((to + i) << 2, y.getFloat((to + i) << 2) + x.getFloat((from + i) << 2));
    }
  }
}
