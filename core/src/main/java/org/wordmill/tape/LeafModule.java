package org.wordmill.tape;

import org.wordmill.kernel.Tensor;

/**
 * A module with a formula: y = f(x) forward, and backward the product of the output's gradient with
 * the Jacobian, added into the gradients of inputs and parameters. All that a call has to remember
 * is in its {@link Call}, so one module may be applied many times on one tape.
 */
public abstract class LeafModule extends Module {

  /**
   * Computes the output from {@code call.input(i)} into {@code call.output(shape)}, and returns it.
   */
  protected abstract Tensor forward(Call call);

  /**
   * Adds this call's part to the gradients: reads {@code call.outputGradient()}, writes to {@code
   * call.inputGradient(i)} and {@code call.gradient(parameter)}.
   */
  protected abstract void backward(Call call);

  /**
   * Whether backward reads the value of input {@code i}. Where it does not, a planned step puts
   * other values in its place before then, and {@link Call#input} refuses it.
   */
  protected boolean backwardReadsInput(int i) {
    return true;
  }

  /** Whether backward reads the output's value, as {@link #backwardReadsInput} for inputs. */
  protected boolean backwardReadsOutput() {
    return true;
  }
}
