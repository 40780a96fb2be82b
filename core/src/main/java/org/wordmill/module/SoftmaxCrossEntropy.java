package org.wordmill.module;

import org.wordmill.kernel.Tensor;
import org.wordmill.tape.Call;
import org.wordmill.tape.GradientSlot;
import org.wordmill.tape.LeafModule;

/**
 * Softmax and cross-entropy in one, summed over the rows that count: exact however small the
 * probabilities, and cheaper than the two.
 *
 * <pre>
 * forward   loss = sum_n log(sum_j exp z[n, j]) - z[n, target_n]      z [.., V]   natural logarithm
 * backward  dz[n, j] += dloss (softmax(z[n])_j - [j = target_n])
 * </pre>
 *
 * Source: lecture, softmax and cross-entropy.
 */
public final class SoftmaxCrossEntropy extends LeafModule {
  private final boolean consuming;

  public SoftmaxCrossEntropy() {
    this(false);
  }

  /**
   * @param consuming whether the memory of the scores becomes that of the probabilities and then of
   *     the gradient, so that a large vocabulary takes one [N, V] array and not three. The scores
   *     are gone afterwards, so nothing else may use them.
   */
  public SoftmaxCrossEntropy(boolean consuming) {
    this.consuming = consuming;
  }

  @Override
  protected Tensor forward(Call call) {
    Tensor logits = call.input(0);
    IdCheck.targets(call.ids(), logits);
    Tensor probabilities = consuming ? logits : call.keep(logits.shape());
    Tensor loss = call.output(1);
    call.kernels().softmaxCrossEntropyForward(logits, call.ids(), probabilities, loss);
    return loss;
  }

  @Override
  protected void backward(Call call) {
    if (!call.needsGradient(0)) {
      return;
    }
    GradientSlot slot = call.inputGradient(0);
    Tensor p = consuming ? call.input(0) : call.kept(0);
    boolean inPlace = consuming && slot.adopt(p);
    call.kernels()
        .softmaxCrossEntropyBackward(
            p, call.ids(), call.outputGradient(), slot.tensor(), slot.claim() && !inPlace);
  }

  @Override
  protected boolean backwardReadsInput(int i) {
    return consuming;
  }

  @Override
  protected boolean backwardReadsOutput() {
    return false;
  }
}
