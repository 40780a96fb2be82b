package org.wordmill.module;

import org.wordmill.kernel.Activation;
import org.wordmill.kernel.Tensor;
import org.wordmill.tape.Call;
import org.wordmill.tape.GradientSlot;
import org.wordmill.tape.LeafModule;

/** What the elementwise non-linearities share: y = f(x), dx += dy f'(x). */
abstract sealed class Elementwise extends LeafModule permits Sigmoid, Tanh, Relu, Gelu {
  private final Activation f;

  Elementwise(Activation f) {
    this.f = f;
  }

  @Override
  protected final Tensor forward(Call call) {
    Tensor x = call.input(0);
    Tensor y = call.output(x.shape());
    call.kernels().activationForward(f, x, y);
    return y;
  }

  @Override
  protected final void backward(Call call) {
    if (call.needsGradient(0)) {
      GradientSlot dx = call.inputGradient(0);
      Tensor known = f.slopeFromOutput() ? call.outputValue() : call.input(0);
      call.kernels()
          .activationBackward(f, known, known, call.outputGradient(), dx.tensor(), dx.claim());
    }
  }

  @Override
  protected final boolean backwardReadsInput(int i) {
    return !f.slopeFromOutput();
  }

  @Override
  protected final boolean backwardReadsOutput() {
    return f.slopeFromOutput();
  }
}
