package org.wordmill.module;

import org.wordmill.kernel.Activation;

/**
 * The hyperbolic tangent, element by element.
 *
 * <pre>
 * forward   y = tanh(x)
 * backward  dx += dy (1 - y^2)
 * </pre>
 */
public final class Tanh extends Elementwise {
  public Tanh() {
    super(Activation.TANH);
  }
}
