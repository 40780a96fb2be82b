package org.wordmill.module.attention;

import org.wordmill.kernel.Tensor;
import org.wordmill.tape.Call;
import org.wordmill.tape.GradientSlot;
import org.wordmill.tape.LeafModule;
import org.wordmill.tape.SequenceCache;

/**
 * Scaled dot-product attention of H heads, in which a position hears itself and those before it.
 *
 * <pre>
 * x = [Q K V], side by side  [B, T, 3C]     y [B, T, C], heads side by side     D = C/H
 * forward   S = Q K^T / sqrt(D)   P = softmax of S up to the diagonal   y = drop(P) V
 * backward  dV += drop(P)^T dy    dP = drop(dy V^T)    dS = P (dP - sum_j dP_j P_j) / sqrt(D)
 *           dQ += dS K            dK += dS^T Q
 * </pre>
 *
 * Where a call continues a sequence, the keys and values of earlier positions come from its cache,
 * and those of x are added to it.
 *
 * <p>Source: Vaswani et al., Attention is all you need, 2017, equation 1; lecture, self-attention.
 */
public final class CausalAttention extends LeafModule {
  private final int heads;
  private final double dropoutRate;

  public CausalAttention(int heads, double dropoutRate) {
    this.heads = heads;
    this.dropoutRate = dropoutRate;
  }

  @Override
  protected Tensor forward(Call call) {
    Tensor qkv = call.input(0);
    int width = qkv.columns() / 3;
    if (qkv.rank() != 3 || width * 3 != qkv.columns() || width % heads != 0) {
      throw new IllegalArgumentException(
          qkv + " does not hold queries, keys and values of " + heads + " heads");
    }
    int batch = qkv.dimension(0);
    int time = qkv.dimension(1);
    Tensor y = call.output(batch, time, width);
    if (call.continues()) {
      if (batch != 1) {
        throw new IllegalArgumentException(batch + " sequences cannot continue one");
      }
      SequenceCache past = call.past();
      Tensor keysValues = past.of(this, 2 * width);
      call.kernels().continuedAttentionForward(qkv, heads, keysValues, past.length(), y);
      return y;
    }
    Tensor weights = call.keep(batch, heads, time, time);
    call.kernels().causalAttentionForward(qkv, heads, rateOf(call), call.seed(), y, weights);
    return y;
  }

  @Override
  protected void backward(Call call) {
    if (call.needsGradient(0)) {
      GradientSlot dQkv = call.inputGradient(0);
      call.kernels()
          .causalAttentionBackward(
              call.input(0),
              heads,
              rateOf(call),
              call.seed(),
              call.kept(0),
              call.outputGradient(),
              dQkv.tensor(),
              dQkv.claim());
    }
  }

  @Override
  protected boolean backwardReadsOutput() {
    return false;
  }

  private double rateOf(Call call) {
    return call.training() ? dropoutRate : 0;
  }
}
