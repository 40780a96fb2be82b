package org.wordmill.module;

import org.wordmill.kernel.Tensor;
import org.wordmill.tape.Call;
import org.wordmill.tape.LeafModule;

/**
 * All numbers of a sample side by side, from what has axes to what a linear module takes.
 *
 * <pre>
 * forward   y[b, :] = the elements of x[b], row by row      x [B, ..]   y [B, N]
 * backward  dx += dy
 * </pre>
 */
public final class Flatten extends LeafModule {

  @Override
  protected Tensor forward(Call call) {
    Tensor x = call.input(0);
    Tensor y = call.output(x.dimension(0), Math.toIntExact(x.size() / x.dimension(0)));
    call.kernels().copy(x, y, false);
    return y;
  }

  @Override
  protected void backward(Call call) {
    if (call.needsGradient(0)) {
      call.addGradient(0);
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
