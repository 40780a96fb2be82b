package org.wordmill.module;

import org.wordmill.kernel.Tensor;
import org.wordmill.tape.Call;
import org.wordmill.tape.GradientSlot;
import org.wordmill.tape.LeafModule;
import org.wordmill.tape.Tape;
import org.wordmill.tape.Variable;

/**
 * Sets elements to zero at random while training, and enlarges the others so that the mean stays.
 *
 * <pre>
 * forward   y = x mask / (1 - rate)        mask: 0 with probability rate, else 1
 * backward  dx += dy mask / (1 - rate)
 * </pre>
 *
 * The mask follows from the seed of the call alone. Source: Srivastava et al., Dropout, 2014.
 */
public final class Dropout extends LeafModule {
  private final double rate;

  /**
   * @param rate in [0, 1)
   */
  public Dropout(double rate) {
    if (!(rate >= 0 && rate < 1)) {
      throw new IllegalArgumentException("a dropout rate lies in [0, 1), not " + rate);
    }
    this.rate = rate;
  }

  /** Applies this module where it does something, else hands {@code x} through. */
  public Variable forward(Tape tape, Variable x) {
    return rate > 0 && tape.training() ? tape.apply(this, x) : x;
  }

  @Override
  protected Tensor forward(Call call) {
    Tensor x = call.input(0);
    Tensor y = call.output(x.shape());
    call.kernels().dropout(x, rateOf(call), call.seed(), y, false);
    return y;
  }

  @Override
  protected void backward(Call call) {
    if (call.needsGradient(0)) {
      GradientSlot dx = call.inputGradient(0);
      call.kernels()
          .dropout(call.outputGradient(), rateOf(call), call.seed(), dx.tensor(), dx.claim());
    }
  }

  @Override
  protected boolean backwardReadsInput(int i) {
    return false;
  }

  @Override
  protected boolean backwardReadsOutput() {
    return false;
  }

  private double rateOf(Call call) {
    return call.training() ? rate : 0;
  }
}
