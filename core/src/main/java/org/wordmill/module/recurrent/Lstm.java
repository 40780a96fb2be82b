package org.wordmill.module.recurrent;

import org.wordmill.kernel.Tensor;

/**
 * Long short-term memory: a cell c that a gate keeps from step to step, so that the gradient can go
 * far back without shrinking at every step.
 *
 * <pre>
 * s = W x_t + b + U h_{t-1} + d, four parts side by side: s_i, s_f, s_g, s_o
 * forward   i = sigmoid(s_i)   f = sigmoid(s_f)   g = tanh(s_g)   o = sigmoid(s_o)
 *           c_t = f c_{t-1} + i g                 h_t = o tanh(c_t)
 * backward  dc_t += dh_t o (1 - tanh(c_t)^2)      ds_o = dh_t tanh(c_t) o (1 - o)
 *           ds_i = dc_t g i (1 - i)   ds_f = dc_t c_{t-1} f (1 - f)   ds_g = dc_t i (1 - g^2)
 *           dc_{t-1} += dc_t f        the rest as in Elman's network, with all four parts of ds
 * </pre>
 *
 * Source: Hochreiter and Schmidhuber, Long short-term memory, 1997, with the forget gate of Gers,
 * Schmidhuber and Cummins, Learning to forget, 2000; the same function as torch.nn.LSTM.
 */
public final class Lstm extends Recurrence {

  public Lstm(RecurrentLayer layer) {
    super(layer, 4);
  }

  @Override
  boolean hasCell() {
    return true;
  }

  @Override
  boolean keepsHidden() {
    return false;
  }

  @Override
  void forward(Steps steps, int t) {
    steps
        .kernels()
        .lstmForward(
            steps.gates(t), steps.hidden(t), steps.cell(t), steps.cell(t + 1), steps.h(t + 1));
  }

  @Override
  void backward(Steps steps, int t, Tensor dh, Tensor dBefore, Tensor dCell) {
    steps.kernels().lstmBackward(steps.gates(t), steps.cell(t), steps.cell(t + 1), dh, dCell);
  }
}
