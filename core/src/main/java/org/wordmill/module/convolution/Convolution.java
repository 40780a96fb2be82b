package org.wordmill.module.convolution;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.wordmill.kernel.Tensor;
import org.wordmill.kernel.Window;
import org.wordmill.tape.Call;
import org.wordmill.tape.GradientSlot;
import org.wordmill.tape.Initializer;
import org.wordmill.tape.LeafModule;
import org.wordmill.tape.Parameter;

/**
 * Convolution along one, two or three axes: the same affine map of what each window sees.
 *
 * <pre>
 * forward   y[b, o] = bias + sum over taps j of W_j x[b, o s - p + j d]
 * backward  dx[b, o s - p + j d] += W_j^T dy[b, o]
 *           dW_j += sum over b, o of dy[b, o] x[b, o s - p + j d]^T     dbias += sum of dy
 * </pre>
 *
 * o, s (stride), p (padding), j and d (dilation) have a component for each axis; x is zero in the
 * padding. An axis of n positions becomes one of floor((n + 2p - d (k - 1) - 1) / s) + 1. Weights
 * start uniform in +-1 / sqrt(k I), k taps and I channels of the input, and so does the bias.
 *
 * <p>PyTorch has the channels before the axes: its input is ours with the last dimension moved
 * behind the first, and its weight [O, I, taps..] is ours [O, taps.., I] likewise.
 *
 * <p>Source: LeCun et al., Gradient-based learning applied to document recognition, 1998; the same
 * function, with the same start, as torch.nn.Conv1d, Conv2d and Conv3d.
 */
public abstract sealed class Convolution extends LeafModule permits Conv1d, Conv2d, Conv3d {
  private final Axes axes;
  private final int inputs;
  private final Parameter weight;
  private final @Nullable Parameter bias;

  Convolution(String name, int inputs, int outputs, boolean biased, List<Window> windows) {
    this.axes = new Axes(windows);
    this.inputs = inputs;
    int[] shape = new int[windows.size() + 2];
    shape[0] = outputs;
    for (int axis = 0; axis < windows.size(); axis++) {
      shape[axis + 1] = windows.get(axis).size();
    }
    shape[shape.length - 1] = inputs;
    Initializer start = new Initializer.Uniform(1 / Math.sqrt((double) axes.box().taps() * inputs));
    this.weight = new Parameter(name + ".weight", start, shape);
    this.bias = biased ? new Parameter(name + ".bias", start, outputs) : null;
  }

  @Override
  public final List<Parameter> parameters() {
    return bias == null ? List.of(weight) : List.of(weight, bias);
  }

  @Override
  protected final Tensor forward(Call call) {
    axes.check(call, inputs);
    Tensor x = call.input(0);
    Tensor y = call.output(axes.outputs(x, weight.shape()[0]));
    call.kernels()
        .convolutionForward(
            Axes.box(x),
            axes.box(),
            call.value(weight),
            bias == null ? null : call.value(bias),
            Axes.box(y));
    return y;
  }

  @Override
  protected final void backward(Call call) {
    Tensor dy = Axes.box(call.outputGradient());
    call.kernels()
        .convolutionBackwardParameters(
            Axes.box(call.input(0)),
            axes.box(),
            dy,
            call.gradient(weight),
            bias == null ? null : call.gradient(bias));
    if (call.needsGradient(0)) {
      GradientSlot dx = call.inputGradient(0);
      call.kernels()
          .convolutionBackwardInput(
              dy, axes.box(), call.value(weight), Axes.box(dx.tensor()), dx.claim());
    }
  }

  @Override
  protected final boolean backwardReadsOutput() {
    return false;
  }
}
