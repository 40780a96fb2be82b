package org.wordmill.optim;

import java.util.List;
import org.wordmill.kernel.Kernels;
import org.wordmill.kernel.Tensor;

/**
 * Stochastic gradient descent, with momentum, plain or Nesterov's.
 *
 * <pre>
 * d = g + weightDecay w        b = momentum b + d
 * w -= rate d                  without momentum
 * w -= rate b                  with momentum
 * w -= rate (d + momentum b)   with Nesterov's
 * </pre>
 *
 * Source: Sutskever et al., On the importance of initialization and momentum in deep learning, in
 * the form with the learning rate outside the momentum.
 */
public record Sgd(double momentum, boolean nesterov, double weightDecay) implements UpdateRule {

  public Sgd {
    if (!(momentum >= 0 && momentum < 1)) {
      throw new IllegalArgumentException("momentum must be in [0, 1), got " + momentum);
    }
    if (nesterov && momentum == 0) {
      throw new IllegalArgumentException("Nesterov's form needs a momentum above 0");
    }
    if (!(weightDecay >= 0)) {
      throw new IllegalArgumentException("weight decay must not be negative, got " + weightDecay);
    }
  }

  @Override
  public String kind() {
    return "sgd";
  }

  @Override
  public List<String> stateNames() {
    return momentum == 0 ? List.of() : List.of("momentum");
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
    if (gradientScale != 1) {
      kernels.scale(g, gradientScale);
    }
    if (decays && weightDecay != 0) {
      kernels.addScaled(w, weightDecay, g);
    }
    if (momentum == 0) {
      kernels.addScaled(g, -rate, w);
      return;
    }
    Tensor b = state.get(0);
    kernels.scale(b, momentum);
    kernels.addScaled(g, 1, b);
    if (nesterov) {
      kernels.addScaled(g, -rate, w);
      kernels.addScaled(b, -rate * momentum, w);
    } else {
      kernels.addScaled(b, -rate, w);
    }
  }
}
