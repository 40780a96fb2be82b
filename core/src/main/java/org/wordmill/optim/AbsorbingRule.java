package org.wordmill.optim;

import java.util.List;
import org.wordmill.kernel.Kernels;
import org.wordmill.kernel.Tensor;

/**
 * What an {@link UpdateRule} is, too, that changes its state by the gradient alone, and the
 * parameters by the state alone: who gets a gradient piece by piece need not keep it, and may leave
 * the parameters as they are until all of it has come. {@link #absorb} of every range and then
 * {@link #step} of every range give the bits of {@link UpdateRule#apply}.
 */
interface AbsorbingRule {

  /**
   * The first half of an update: changes a range of the state.
   *
   * @param g the gradient, to be multiplied by {@code gradientScale}
   * @param state one range for each of {@link UpdateRule#stateNames}, changed in place
   */
  void absorb(Kernels kernels, Tensor g, List<Tensor> state, double gradientScale);

  /**
   * The second half of an update: changes a range of the parameters.
   *
   * @param w the parameters, changed in place
   * @param state one range for each of {@link UpdateRule#stateNames}
   * @param rate the learning rate of this update
   * @param decays whether weight decay applies to this range
   * @param update counted from 1
   */
  void step(
      Kernels kernels, Tensor w, List<Tensor> state, double rate, boolean decays, long update);
}
