package org.wordmill.module;

import org.wordmill.kernel.Activation;

/**
 * The logistic function, element by element.
 *
 * <pre>
 * forward   y = 1 / (1 + exp(-x))
 * backward  dx += dy y (1 - y)
 * </pre>
 *
 * Source: lecture, sigmoid module.
 */
public final class Sigmoid extends Elementwise {
  public Sigmoid() {
    super(Activation.SIGMOID);
  }
}
