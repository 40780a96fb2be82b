package org.wordmill.optim;

import java.util.List;
import org.wordmill.kernel.Kernels;
import org.wordmill.kernel.Tensor;

/**
 * Adam with decoupled weight decay.
 *
 * <pre>
 * m = beta1 m + (1 - beta1) g        v = beta2 v + (1 - beta2) g^2
 * w -= rate (m / (1 - beta1^t) / (sqrt(v / (1 - beta2^t)) + epsilon) + weightDecay w)
 * </pre>
 *
 * Source: Loshchilov and Hutter, Decoupled weight decay regularization, algorithm 2, with the
 * learning rate in front of the decay as usual.
 */
public record AdamW(double beta1, double beta2, double epsilon, double weightDecay)
    implements UpdateRule, AbsorbingRule {

  public AdamW {
    if (!(beta1 >= 0 && beta1 < 1) || !(beta2 >= 0 && beta2 < 1)) {
      throw new IllegalArgumentException(
          "beta1 and beta2 must be in [0, 1), got " + beta1 + " and " + beta2);
    }
    if (!(epsilon > 0) || !(weightDecay >= 0)) {
      throw new IllegalArgumentException(
          "epsilon must be positive and weight decay not negative, got "
              + epsilon
              + " and "
              + weightDecay);
    }
  }

  @Override
  public String kind() {
    return "adamw";
  }

  @Override
  public List<String> stateNames() {
    return List.of("moment1", "moment2");
  }

  @Override
  public void apply(
      Kernels kernels,
      Tensor w,
      Tensor g,
      List<Tensor> state,
      double gradientScale,
      double rate,
      boolean decays,
      long update) {
    kernels.adamW(
        w,
        g,
        state.get(0),
        state.get(1),
        gradientScale,
        rate,
        beta1,
        beta2,
        epsilon,
        decays ? weightDecay : 0,
        update);
  }

  @Override
  public void absorb(Kernels kernels, Tensor g, List<Tensor> state, double gradientScale) {
    kernels.adamWMoments(g, state.get(0), state.get(1), gradientScale, beta1, beta2);
  }

  @Override
  public void step(
      Kernels kernels, Tensor w, List<Tensor> state, double rate, boolean decays, long update) {
    kernels.adamWStep(
        w,
        state.get(0),
        state.get(1),
        new Kernels.AdamWStep(rate, beta1, beta2, epsilon, decays ? weightDecay : 0, update));
  }
}
