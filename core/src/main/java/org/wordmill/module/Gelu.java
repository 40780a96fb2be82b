package org.wordmill.module;

import org.wordmill.kernel.Activation;

/**
 * The Gaussian error linear unit in its tanh form, which is GPT-2's, element by element.
 *
 * <pre>
 * u = 2 sqrt(2/pi) (x + 0.044715 x^3)     s = 1 / (1 + exp(-u))
 * forward   y = x s                       (the same as 0.5 x (1 + tanh(u/2)))
 * backward  dx += dy (s + x s (1 - s) u')     u' = 2 sqrt(2/pi) (1 + 3 * 0.044715 x^2)
 * </pre>
 *
 * Source: Hendrycks and Gimpel, Gaussian error linear units, 2016.
 */
public final class Gelu extends Elementwise {
  public Gelu() {
    super(Activation.GELU);
  }
}
