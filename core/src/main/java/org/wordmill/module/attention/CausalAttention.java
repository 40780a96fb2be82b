package org.wordmill.module.attention;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.wordmill.kernel.Tensor;
import org.wordmill.tape.Call;
import org.wordmill.tape.GradientSlot;
import org.wordmill.tape.Initializer;
import org.wordmill.tape.LeafModule;
import org.wordmill.tape.Parameter;
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
 * <p>By itself it does not know the order of what it hears. It learns it in one of two ways:
 *
 * <pre>
 * relative  S[i, j] += b[i - j]          db[d] += sum of sqrt(D) dS[i, j] over i - j = d
 * rotary    Q[t], K[t] := R_t Q[t], R_t K[t]          dQ[t], dK[t] := R_t^T dQ[t], R_t^T dK[t]
 * </pre>
 *
 * with a learned b for each head, and R_t a turn of the pair (d, d + D/2) of a head by the angle t
 * / 10000^(2d/D), so that Q[i] K[j] depends on i - j alone. The turn happens in place of x, which
 * nobody may read afterwards.
 *
 * <p>Where a call continues a sequence, the keys and values of earlier positions come from its
 * cache, and those of x are added to it, turned already.
 *
 * <p>Source: Vaswani et al., Attention is all you need, 2017, equation 1; lecture, self-attention;
 * for positions {@link PositionKind}.
 */
public final class CausalAttention extends LeafModule {
  private final int heads;
  private final double dropoutRate;
  private final boolean rotates;
  private final @Nullable Parameter bias;

  /** Without positions. */
  public CausalAttention(int heads, double dropoutRate) {
    this(heads, dropoutRate, false, null);
  }

  private CausalAttention(
      int heads, double dropoutRate, boolean rotates, @Nullable Parameter bias) {
    this.heads = heads;
    this.dropoutRate = dropoutRate;
    this.rotates = rotates;
    this.bias = bias;
  }

  /** With rotary positions, for heads of an even width. */
  public static CausalAttention rotary(int heads, double dropoutRate) {
    return new CausalAttention(heads, dropoutRate, true, null);
  }

  /** With a bias {@code name.weight} [H, longest T] for each head and distance. */
  public static CausalAttention relative(
      String name, int heads, int longest, double dropoutRate, Initializer initializer) {
    Parameter bias = new Parameter(name + ".weight", initializer, heads, longest);
    return new CausalAttention(heads, dropoutRate, false, bias);
  }

  @Override
  public List<Parameter> parameters() {
    return bias == null ? List.of() : List.of(bias);
  }

  @Override
  protected Tensor forward(Call call) {
    Tensor qkv = call.input(0);
    requireHeads(qkv);
    int batch = qkv.dimension(0);
    int time = qkv.dimension(1);
    int width = qkv.columns() / 3;
    int first = call.continues() ? call.past().length() : 0;
    Tensor distances = bias == null ? null : call.value(bias);
    if (distances != null && first + time > distances.columns()) {
      throw new IllegalArgumentException(
          "a sequence of %d tokens has no distances beyond %d"
              .formatted(first + time, distances.columns()));
    }
    if (rotates) {
      call.kernels().rotary(qkv, heads, first, false);
    }
    Tensor y = call.output(batch, time, width);
    if (call.continues()) {
      if (batch != 1) {
        throw new IllegalArgumentException(batch + " sequences cannot continue one");
      }
      SequenceCache past = call.past();
      Tensor keysValues = past.of(this, 2 * width);
      call.kernels().continuedAttentionForward(qkv, heads, distances, keysValues, first, y);
      return y;
    }
    Tensor weights = call.keep(batch, heads, time, time);
    call.kernels()
        .causalAttentionForward(qkv, heads, distances, rateOf(call), call.seed(), y, weights);
    return y;
  }

  private void requireHeads(Tensor qkv) {
    int width = qkv.columns() / 3;
    if (qkv.rank() != 3 || width * 3 != qkv.columns() || width % heads != 0) {
      throw new IllegalArgumentException(
          qkv + " does not hold queries, keys and values of " + heads + " heads");
    }
    if (rotates && width / heads % 2 != 0) {
      throw new IllegalArgumentException(
          "heads of width " + width / heads + " have no pairs to rotate");
    }
  }

  @Override
  protected void backward(Call call) {
    boolean wanted = call.needsGradient(0);
    if (!wanted && bias == null) {
      return;
    }
    Tensor qkv = call.input(0);
    boolean adds = wanted && call.inputGradient(0).claim();
    // A gradient that is there already must not be rotated with the new one.
    boolean apart = !wanted || (rotates && adds);
    Tensor dQkv = apart ? call.output(qkv.shape()) : call.inputGradient(0).tensor();
    call.kernels()
        .causalAttentionBackward(
            qkv,
            heads,
            rateOf(call),
            call.seed(),
            call.kept(0),
            call.outputGradient(),
            dQkv,
            adds && !apart,
            bias == null ? null : call.gradient(bias));
    if (rotates) {
      call.kernels().rotary(dQkv, heads, 0, true);
    }
    if (apart && wanted) {
      GradientSlot slot = call.inputGradient(0);
      call.kernels().copy(dQkv, slot.tensor(), true);
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
