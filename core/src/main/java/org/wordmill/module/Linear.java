package org.wordmill.module;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.wordmill.kernel.Tensor;
import org.wordmill.tape.Call;
import org.wordmill.tape.GradientSlot;
import org.wordmill.tape.Initializer;
import org.wordmill.tape.LeafModule;
import org.wordmill.tape.Parameter;

/**
 * An affine map of the last dimension.
 *
 * <pre>
 * forward   y = x W^T + b           x [.., I]   W [O, I]   b [O]   y [.., O]
 * backward  dx += dy W     dW += dy^T x     db += sum over rows of dy
 * </pre>
 *
 * Source: lecture, linear module.
 */
public final class Linear extends LeafModule {
  private final Parameter weight;
  private final @Nullable Parameter bias;

  /** With weights and bias of its own, named {@code name.weight} and {@code name.bias}. */
  public Linear(String name, int inputs, int outputs, Initializer weights) {
    this(
        new Parameter(name + ".weight", weights, outputs, inputs),
        new Parameter(name + ".bias", new Initializer.Constant(0), outputs));
  }

  /** With given parameters, which other modules may share (a tied head). */
  public Linear(Parameter weight, @Nullable Parameter bias) {
    this.weight = weight;
    this.bias = bias;
  }

  @Override
  public List<Parameter> parameters() {
    List<Parameter> all = new ArrayList<>();
    all.add(weight);
    if (bias != null) {
      all.add(bias);
    }
    return all;
  }

  @Override
  protected Tensor forward(Call call) {
    Tensor x = call.input(0);
    int[] shape = x.shape();
    shape[shape.length - 1] = weight.shape()[0];
    Tensor y = call.output(shape);
    call.kernels().linearForward(x, call.value(weight), bias == null ? null : call.value(bias), y);
    return y;
  }

  @Override
  protected void backward(Call call) {
    Tensor x = call.input(0);
    Tensor dy = call.outputGradient();
    Tensor dWeight = call.gradient(weight);
    Tensor dBias = bias == null ? null : call.gradient(bias);
    if (call.needsGradient(0)) {
      GradientSlot dx = call.inputGradient(0);
      call.kernels()
          .linearBackward(x, dy, call.value(weight), dx.tensor(), dx.claim(), dWeight, dBias);
    } else {
      call.kernels().linearBackwardParameters(x, dy, dWeight, dBias);
    }
  }

  @Override
  protected boolean backwardReadsOutput() {
    return false;
  }
}
