package org.wordmill.kernel;

/**
 * How one step of recurrent cells with gates is computed, element by element; the matrix products
 * around it are linear maps like any other. B sequences take the step together, H is the width of
 * the state. Conventions are those of {@link Kernels}.
 */
public interface CellKernels {

  /**
   * A step of long short-term memory: (i, f, o) = sigmoid, g = tanh of the gates; c = f c' + i g; h
   * = o tanh(c), where c' is the cell before.
   *
   * @param gates [B, 4 H] as i, f, g, o side by side: what the input says, before the
   *     non-linearity; receives the gates for the backward pass
   * @param hidden [B, 4 H]: what the hidden state says, which adds
   * @param before c' [B, H]
   * @param cell receives c [B, H]
   * @param h receives h [B, H]
   */
  void lstmForward(Tensor gates, Tensor hidden, Tensor before, Tensor cell, Tensor h);

  /**
   * The gradient of {@link #lstmForward}: ds = dc + dh o (1 - tanh(c)^2); di = ds g i (1 - i); df =
   * ds c' f (1 - f); dg = ds i (1 - g^2); do = dh tanh(c) o (1 - o); dc' = ds f.
   *
   * @param gates i, f, g, o; receives their gradients before the non-linearity
   * @param dCell the gradient of c by later steps; receives that of c'
   */
  void lstmBackward(Tensor gates, Tensor before, Tensor cell, Tensor dh, Tensor dCell);

  /**
   * A step of gated recurrent units: r, z = sigmoid(gates + hidden); n = tanh(gates + r hidden); h
   * = (1 - z) n + z h', where h' is the state before.
   *
   * @param gates [B, 3 H] as r, z, n side by side: what the input says, before the non-linearity;
   *     receives r, z, n for the backward pass
   * @param hidden [B, 3 H]: what the hidden state says
   * @param before h' [B, H]
   * @param h receives h [B, H]
   */
  void gruForward(Tensor gates, Tensor hidden, Tensor before, Tensor h);

  /**
   * The gradient of {@link #gruForward}: dz = dh (h' - n) z (1 - z); dn = dh (1 - z) (1 - n^2); dr
   * = dn hidden_n r (1 - r); the gradient of hidden_n is dn r; dh' += dh z.
   *
   * @param gates r, z, n; receives the gradients of what the input said
   * @param hidden as in forward; receives its gradients
   * @param dBefore the gradient of h' by other ways, to which this step's adds
   */
  void gruBackward(Tensor gates, Tensor hidden, Tensor before, Tensor dh, Tensor dBefore);
}
