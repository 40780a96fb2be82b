package org.wordmill.module;

import org.wordmill.kernel.Tensor;
import org.wordmill.tape.Call;
import org.wordmill.tape.GradientSlot;
import org.wordmill.tape.LeafModule;

/**
 * Scores to probabilities, over the last dimension.
 *
 * <pre>
 * forward   y_i = exp(x_i) / sum_j exp(x_j)
 * backward  dx_i += y_i (dy_i - sum_j dy_j y_j)
 * </pre>
 *
 * Source: lecture, softmax module.
 */
public final class Softmax extends LeafModule {

  @Override
  protected Tensor forward(Call call) {
    Tensor x = call.input(0);
    Tensor y = call.output(x.shape());
    call.kernels().softmaxForward(x, y);
    return y;
  }

  @Override
  protected void backward(Call call) {
    if (call.needsGradient(0)) {
      GradientSlot dx = call.inputGradient(0);
      call.kernels()
          .softmaxBackward(call.outputValue(), call.outputGradient(), dx.tensor(), dx.claim());
    }
  }

  @Override
  protected boolean backwardReadsInput(int i) {
    return false;
  }
}
