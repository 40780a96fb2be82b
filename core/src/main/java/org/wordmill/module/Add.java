package org.wordmill.module;

import org.wordmill.kernel.Tensor;
import org.wordmill.tape.Call;
import org.wordmill.tape.LeafModule;

/**
 * The sum of two values of one shape: the residual connection.
 *
 * <pre>
 * forward   z = x + y
 * backward  dx += dz     dy += dz
 * </pre>
 *
 * Source: He et al., Deep residual learning for image recognition, 2015.
 */
public final class Add extends LeafModule {

  @Override
  protected Tensor forward(Call call) {
    Tensor x = call.input(0);
    if (!call.input(1).hasShape(x.shape())) {
      throw new IllegalArgumentException("cannot add " + call.input(1) + " to " + x);
    }
    Tensor z = call.output(x.shape());
    call.kernels().add(x, call.input(1), z);
    return z;
  }

  @Override
  protected void backward(Call call) {
    if (call.needsGradient(1)) {
      call.addGradient(1);
    }
    if (call.needsGradient(0)) {
      call.handOnGradient(0);
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
}
