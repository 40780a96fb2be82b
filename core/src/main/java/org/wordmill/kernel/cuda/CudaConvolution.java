package org.wordmill.kernel.cuda;

import org.jspecify.annotations.Nullable;
import org.wordmill.kernel.Sliding;
import org.wordmill.kernel.Tensor;
import org.wordmill.kernel.Window;
import org.wordmill.kernel.Windows;
import org.wordmill.kernel.cuda.Arguments.Region;
import org.wordmill.kernel.cuda.Product.Matrix;
import org.wordmill.kernel.cuda.Scratch.Use;

/**
 * Convolution as matrix products of what the windows see, laid out in scratch memory for as many
 * samples at once as that has room for, with the weights.
 */
final class CudaConvolution {
  /** Elements of the layout at once, unless one sample takes more. */
  private static final long PIECE = 1L << 24;

  private final CudaLauncher launcher;

  CudaConvolution(CudaLauncher launcher) {
    this.launcher = launcher;
  }

  /** What one piece of a batch is: some samples, and where their outputs lie. */
  private final class Pieces {
    private final Sliding sliding;
    private final int batch;
    private final int samples;
    private final int outputs;
    private final int seen;

    /**
     * @param x the input, or its gradient
     */
    Pieces(Tensor x, Windows windows) {
      this.sliding = Sliding.over(x, windows);
      this.batch = x.dimension(0);
      this.outputs = sliding.outputs() / batch;
      this.seen = windows.taps() * x.columns();
      this.samples = (int) Math.min(batch, Math.max(1, PIECE / ((long) outputs * seen)));
    }

    int count(int first) {
      return Math.min(samples, batch - first);
    }

    /** The part of a [B, ..] tensor that belongs to the samples from {@code first} on. */
    Tensor part(Tensor tensor, int first) {
      int count = count(first);
      long size = tensor.size() / batch;
      int columns = tensor.columns();
      return tensor.view(first * size, (int) (count * size / columns), columns);
    }

    Region room() {
      return launcher.scratch().reals(Use.SEEN, (long) samples * outputs * seen);
    }

    long laidOut(int first) {
      return (long) count(first) * outputs * seen;
    }

    Region layout(Tensor x, int first) {
      Region room = room();
      Tensor part = part(x, first);
      long n = laidOut(first);
      launcher.launch(
          Entry.UNFOLD, Grid.elements(n), part, upload(sliding), room, part.columns(), n);
      return room;
    }

    Matrix matrix(Region room) {
      return new Matrix(room.address(), seen, 0);
    }

    /** The weights as [O, seen]. */
    Matrix weights(Tensor weight) {
      return new Matrix(CudaMemory.address(weight), seen, 0);
    }
  }

  private static Matrix matrix(Tensor tensor) {
    return new Matrix(CudaMemory.address(tensor), tensor.columns(), 0);
  }

  void forward(Tensor x, Windows windows, Tensor weight, @Nullable Tensor bias, Tensor y) {
    Pieces pieces = new Pieces(x, windows);
    for (int first = 0; first < pieces.batch; first += pieces.samples) {
      Region room = pieces.layout(x, first);
      Tensor part = pieces.part(y, first);
      multiply(
          part.rows(),
          part.columns(),
          pieces.seen,
          pieces.matrix(room),
          false,
          pieces.weights(weight),
          true,
          false,
          matrix(part));
    }
    if (bias != null) {
      launcher.overElements(Entry.ADD_ROW, y, bias, y, y.columns());
    }
    CudaLauncher.keep(x, weight, y);
  }

  void backwardInput(Tensor dy, Windows windows, Tensor weight, Tensor dx, boolean accumulate) {
    Pieces pieces = new Pieces(dx, windows);
    for (int first = 0; first < pieces.batch; first += pieces.samples) {
      Region room = pieces.room();
      Tensor part = pieces.part(dy, first);
      multiply(
          part.rows(),
          pieces.seen,
          part.columns(),
          matrix(part),
          false,
          pieces.weights(weight),
          false,
          false,
          pieces.matrix(room));
      Tensor target = pieces.part(dx, first);
      launcher.overElements(
          Entry.FOLD, target, room, upload(pieces.sliding), target, target.columns(), accumulate);
    }
    CudaLauncher.keep(dy, weight, dx);
  }

  void backwardParameters(
      Tensor x, Windows windows, Tensor dy, Tensor dWeight, @Nullable Tensor dBias) {
    Pieces pieces = new Pieces(x, windows);
    for (int first = 0; first < pieces.batch; first += pieces.samples) {
      Region room = pieces.layout(x, first);
      Tensor part = pieces.part(dy, first);
      multiply(
          part.columns(),
          pieces.seen,
          part.rows(),
          matrix(part),
          true,
          pieces.matrix(room),
          false,
          true,
          pieces.weights(dWeight));
    }
    if (dBias != null) {
      launcher.addColumnSums(dy, dBias);
    }
    CudaLauncher.keep(x, dy, dWeight);
  }

  private void multiply(
      int m,
      int n,
      int k,
      Matrix a,
      boolean transposeA,
      Matrix b,
      boolean transposeB,
      boolean accumulate,
      Matrix c) {
    launcher
        .device()
        .multiply(Product.single(m, n, k, a, transposeA, b, transposeB, accumulate, c));
  }

  void maxPoolForward(Tensor x, Windows windows, Tensor y, Tensor winners) {
    Region axes = upload(Sliding.over(x, windows));
    launcher.overElements(Entry.MAX_POOL_FORWARD, y, x, axes, y, winners, x.columns());
  }

  void maxPoolBackward(Tensor dy, Windows windows, Tensor winners, Tensor dx, boolean accumulate) {
    Region axes = upload(Sliding.over(dx, windows));
    launcher.overElements(
        Entry.MAX_POOL_BACKWARD, dx, dy, axes, winners, dx, dx.columns(), accumulate);
  }

  private Region upload(Sliding s) {
    int[] axes = new int[18];
    put(axes, 0, s.depth(), s.outDepth(), s.windows().depth());
    put(axes, 6, s.height(), s.outHeight(), s.windows().height());
    put(axes, 12, s.width(), s.outWidth(), s.windows().width());
    return launcher.scratch().ints(Use.WINDOWS, axes);
  }

  private static void put(int[] axes, int at, int extent, int outputs, Window window) {
    axes[at] = extent;
    axes[at + 1] = outputs;
    axes[at + 2] = window.size();
    axes[at + 3] = window.stride();
    axes[at + 4] = window.dilation();
    axes[at + 5] = window.before();
  }
}
