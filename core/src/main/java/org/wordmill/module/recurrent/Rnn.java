package org.wordmill.module.recurrent;

import org.wordmill.kernel.Activation;
import org.wordmill.kernel.Kernels;
import org.wordmill.kernel.Tensor;

/**
 * Elman's recurrent network.
 *
 * <pre>
 * forward   h_t = tanh(W x_t + b + U h_{t-1} + d)
 * backward  ds_t = dh_t (1 - h_t^2)     s_t, the sum in the brackets
 *           dx_t += W^T ds_t     dh_{t-1} += U^T ds_t
 *           dW += ds_t x_t^T     dU += ds_t h_{t-1}^T     db += ds_t     dd += ds_t
 * </pre>
 *
 * The two biases do the work of one; they are PyTorch's. Source: lecture, RNN; Elman, Finding
 * structure in time, 1990; the same function as torch.nn.RNN.
 */
public final class Rnn extends Recurrence {

  public Rnn(RecurrentLayer layer) {
    super(layer, 1);
  }

  @Override
  boolean hasCell() {
    return false;
  }

  @Override
  boolean keepsHidden() {
    return false;
  }

  @Override
  void forward(Steps steps, int t) {
    Kernels kernels = steps.kernels();
    Tensor sum = steps.gates(t);
    kernels.copy(steps.hidden(t), sum, true);
    kernels.activationForward(Activation.TANH, sum, steps.h(t + 1));
  }

  @Override
  void backward(Steps steps, int t, Tensor dh, Tensor dBefore, Tensor dCell) {
    Tensor h = steps.h(t + 1);
    // What tanh was given is not needed for its derivative, and its place takes the gradient.
    steps.kernels().activationBackward(Activation.TANH, h, h, dh, steps.gates(t), false);
  }
}
