package org.wordmill.kernel;

/** The elementwise non-linearities that kernels know. */
public enum Activation {
  /** 1 / (1 + exp(-x)). */
  SIGMOID,
  TANH,
  /** max(0, x), with derivative 0 at 0. */
  RELU,
  /** 0.5 x (1 + tanh(sqrt(2/pi) (x + 0.044715 x^3))), the tanh form that GPT-2 uses. */
  GELU;

  /** Whether the derivative is computed from f(x), else from x. */
  public boolean slopeFromOutput() {
    return this == SIGMOID || this == TANH;
  }
}
