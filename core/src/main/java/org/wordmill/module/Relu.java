package org.wordmill.module;

import org.wordmill.kernel.Activation;

/**
 * The rectifier, element by element.
 *
 * <pre>
 * forward   y = max(0, x)
 * backward  dx += dy where x > 0
 * </pre>
 */
public final class Relu extends Elementwise {
  public Relu() {
    super(Activation.RELU);
  }
}
