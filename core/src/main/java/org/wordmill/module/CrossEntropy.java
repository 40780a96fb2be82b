package org.wordmill.module;

import org.wordmill.kernel.Tensor;
import org.wordmill.tape.Call;
import org.wordmill.tape.GradientSlot;
import org.wordmill.tape.LeafModule;

/**
 * The cross-entropy of probabilities with one right answer a row, summed over the rows that count.
 *
 * <pre>
 * forward   loss = -sum_n log p[n, target_n]           p [.., V]   targets: one id a row
 * backward  dp[n, target_n] += -dloss / p[n, target_n]
 * </pre>
 *
 * Natural logarithm. Small probabilities make it inexact and zero makes it infinite; after a {@link
 * Softmax}, {@link SoftmaxCrossEntropy} computes the same without either. Source: lecture,
 * cross-entropy module.
 */
public final class CrossEntropy extends LeafModule {

  @Override
  protected Tensor forward(Call call) {
    Tensor p = call.input(0);
    IdCheck.targets(call.ids(), p);
    Tensor loss = call.output(1);
    call.kernels().negativeLogLikelihoodForward(p, call.ids(), loss);
    return loss;
  }

  @Override
  protected void backward(Call call) {
    if (call.needsGradient(0)) {
      GradientSlot dp = call.inputGradient(0);
      call.kernels()
          .negativeLogLikelihoodBackward(
              call.input(0), call.ids(), call.outputGradient(), dp.tensor(), dp.claim());
    }
  }

  @Override
  protected boolean backwardReadsOutput() {
    return false;
  }
}
