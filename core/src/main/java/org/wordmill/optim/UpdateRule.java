package org.wordmill.optim;

import java.io.Serializable;
import java.util.List;
import org.wordmill.kernel.Kernels;
import org.wordmill.kernel.Tensor;

/**
 * The formula by which a gradient changes parameters, element by element. A rule holds its
 * hyper-parameters and no numbers of a run, so it can be applied to the whole flat vector, or by
 * many owners to a slice each, with the same result.
 */
public sealed interface UpdateRule extends Serializable permits AdamW, Sgd {

  /** The name in presets and checkpoints. */
  String kind();

  /**
   * The vectors that the rule carries from update to update, each as long as the parameters; they
   * start at zero.
   */
  List<String> stateNames();

  /**
   * Applies one update to a range of the flat vector.
   *
   * @param w the parameters, changed in place
   * @param g their gradient, to be multiplied by {@code gradientScale}; may be changed
   * @param state one range for each of {@link #stateNames}, changed in place
   * @param rate the learning rate of this update
   * @param decays whether weight decay applies to this range
   * @param update counted from 1
   */
  void apply(
      Kernels kernels,
      Tensor w,
      Tensor g,
      List<Tensor> state,
      double gradientScale,
      double rate,
      boolean decays,
      long update);
}
