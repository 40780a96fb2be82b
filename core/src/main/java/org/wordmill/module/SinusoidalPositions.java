package org.wordmill.module;

import org.wordmill.kernel.Tensor;
import org.wordmill.tape.Call;
import org.wordmill.tape.LeafModule;

/**
 * Adds a fixed vector for each position, counted from the beginning of the sequence (which is
 * before the input, where a call continues a sequence). Any position has one, however far.
 *
 * <pre>
 * forward   y[b, t] = x[b, t] + p[t]            x, y [B, T, C]
 *           p[t, 2i] = sin(t / 10000^(2i/C))    p[t, 2i+1] = cos(t / 10000^(2i/C))
 * backward  dx += dy
 * </pre>
 *
 * Source: Vaswani et al., Attention is all you need, 2017, section 3.5.
 */
public final class SinusoidalPositions extends LeafModule {

  @Override
  protected Tensor forward(Call call) {
    Tensor x = call.input(0);
    Tensor y = call.output(x.shape());
    call.kernels().addSinusoids(x, call.continues() ? call.past().length() : 0, y);
    return y;
  }

  @Override
  protected void backward(Call call) {
    if (call.needsGradient(0)) {
      call.handOnGradient(0);
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
