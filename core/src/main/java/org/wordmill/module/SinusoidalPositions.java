package org.wordmill.module;

import org.wordmill.kernel.Tensor;
import org.wordmill.tape.Call;
import org.wordmill.tape.LeafModule;

/**
 * Adds a fixed vector to the enlarged one of each position, counted from the beginning of the
 * sequence (which is before the input, where a call continues a sequence). Any position has one,
 * however far. Without the root of the width, small embeddings would drown in waves of height 1.
 *
 * <pre>
 * forward   y[b, t] = sqrt(C) x[b, t] + p[t]    x, y [B, T, C]
 *           p[t, 2i] = sin(t / 10000^(2i/C))    p[t, 2i+1] = cos(t / 10000^(2i/C))
 * backward  dx += sqrt(C) dy
 * </pre>
 *
 * Source: Vaswani et al., Attention is all you need, 2017, sections 3.4 and 3.5.
 */
public final class SinusoidalPositions extends LeafModule {

  @Override
  protected Tensor forward(Call call) {
    Tensor x = call.input(0);
    Tensor y = call.output(x.shape());
    call.kernels().addSinusoids(x, call.continues() ? call.past().length() : 0, y);
    call.kernels().addScaled(x, Math.sqrt(x.columns()) - 1, y);
    return y;
  }

  @Override
  protected void backward(Call call) {
    if (call.needsGradient(0)) {
      Tensor dy = call.outputGradient();
      call.kernels().scale(dy, Math.sqrt(dy.columns()));
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
