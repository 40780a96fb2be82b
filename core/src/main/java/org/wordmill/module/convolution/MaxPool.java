package org.wordmill.module.convolution;

import java.util.List;
import org.wordmill.kernel.Tensor;
import org.wordmill.kernel.Window;
import org.wordmill.tape.Call;
import org.wordmill.tape.GradientSlot;
import org.wordmill.tape.LeafModule;

/**
 * Max pooling along one, two or three axes, channel by channel: the largest number that each window
 * sees.
 *
 * <pre>
 * forward   y[b, o, c] = max over taps j of x[b, o s - p + j, c]
 * backward  dx[b, o s - p + j*, c] += dy[b, o, c], where tap j* was the largest, the first of equals
 * </pre>
 *
 * An axis of n positions becomes one of floor((n + 2p - k) / s) + 1. The padding never wins, so
 * there may be at most k / 2 of it at each end; there is no dilation. Source: Ranzato et al.,
 * Unsupervised learning of invariant feature hierarchies, 2007; the same function as
 * torch.nn.MaxPool1d, MaxPool2d and MaxPool3d.
 */
public abstract sealed class MaxPool extends LeafModule permits MaxPool1d, MaxPool2d, MaxPool3d {
  private final Axes axes;

  MaxPool(List<Window> windows) {
    this.axes = new Axes(windows);
    for (Window window : windows) {
      if (window.dilation() != 1 || Math.max(window.before(), window.after()) > window.size() / 2) {
        throw new IllegalArgumentException(
            "max pooling has no dilation and pads by at most half of its window, not " + window);
      }
    }
  }

  /** A window whose neighbour begins where it ends. */
  static Window tile(int size) {
    return Window.of(size).withStride(size);
  }

  @Override
  protected final Tensor forward(Call call) {
    axes.check(call, 0);
    Tensor x = call.input(0);
    Tensor y = call.output(axes.outputs(x, x.columns()));
    Tensor winners = call.keep(y.shape());
    call.kernels().maxPoolForward(Axes.box(x), axes.box(), Axes.box(y), Axes.box(winners));
    return y;
  }

  @Override
  protected final void backward(Call call) {
    if (call.needsGradient(0)) {
      GradientSlot dx = call.inputGradient(0);
      call.kernels()
          .maxPoolBackward(
              Axes.box(call.outputGradient()),
              axes.box(),
              Axes.box(call.kept(0)),
              Axes.box(dx.tensor()),
              dx.claim());
    }
  }

  @Override
  protected final boolean backwardReadsInput(int i) {
    return false;
  }

  @Override
  protected final boolean backwardReadsOutput() {
    return false;
  }
}
