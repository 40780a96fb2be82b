package org.wordmill.module;

import org.wordmill.kernel.Ids;
import org.wordmill.kernel.Tensor;
import org.wordmill.tape.Call;
import org.wordmill.tape.GradientSlot;
import org.wordmill.tape.LeafModule;

/**
 * Vectors in another order; one may be taken several times, or never.
 *
 * <pre>
 * forward   y[b, t] = x[ids[b, t]]       x [.., C] as rows   ids [B, T], numbers of rows   y [B, T, C]
 * backward  dx[ids[b, t]] += dy[b, t]
 * </pre>
 */
public final class SelectRows extends LeafModule {

  @Override
  protected Tensor forward(Call call) {
    Tensor x = call.input(0);
    Ids ids = call.ids();
    IdCheck.rows(ids, x);
    Tensor y = call.output(ids.batch(), ids.time(), x.columns());
    call.kernels().embeddingForward(x, ids, y);
    return y;
  }

  @Override
  protected void backward(Call call) {
    if (call.needsGradient(0)) {
      GradientSlot dx = call.inputGradient(0);
      Tensor gradient = dx.tensor();
      if (!dx.claim()) {
        gradient.fill(0);
      }
      call.kernels().embeddingBackward(call.ids(), call.outputGradient(), gradient);
    }
  }

  @Override
  protected boolean backwardReadsInput(int i) {
    return false;
  }

  @Override
  protected boolean backwardReadsOutput() {
    return false;
  }
}
