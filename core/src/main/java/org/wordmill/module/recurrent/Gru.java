package org.wordmill.module.recurrent;

import org.wordmill.kernel.Tensor;

/**
 * Gated recurrent units: one gate mixes the state before with a new proposal, another says how much
 * of the state the proposal hears.
 *
 * <pre>
 * a = W x_t + b   u = U h_{t-1} + d, three parts side by side each
 * forward   r = sigmoid(a_r + u_r)   z = sigmoid(a_z + u_z)   n = tanh(a_n + r u_n)
 *           h_t = (1 - z) n + z h_{t-1}
 * backward  dz = dh_t (h_{t-1} - n) z (1 - z)     dn = dh_t (1 - z) (1 - n^2)
 *           dr = dn u_n r (1 - r)                 da = [dr, dz, dn]   du = [dr, dz, dn r]
 *           dh_{t-1} += dh_t z + U^T du           the rest as in Elman's network
 * </pre>
 *
 * Source: Cho et al., Learning phrase representations using RNN encoder-decoder, 2014, with the
 * reset gate behind the product as in torch.nn.GRU, whose function this is.
 */
public final class Gru extends Recurrence {

  public Gru(RecurrentLayer layer) {
    super(layer, 3);
  }

  @Override
  boolean hasCell() {
    return false;
  }

  @Override
  boolean keepsHidden() {
    return true;
  }

  @Override
  void forward(Steps steps, int t) {
    steps.kernels().gruForward(steps.gates(t), steps.hidden(t), steps.h(t), steps.h(t + 1));
  }

  @Override
  void backward(Steps steps, int t, Tensor dh, Tensor dBefore, Tensor dCell) {
    steps.kernels().gruBackward(steps.gates(t), steps.hidden(t), steps.h(t), dh, dBefore);
  }
}
