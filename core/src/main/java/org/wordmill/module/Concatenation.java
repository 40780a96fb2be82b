package org.wordmill.module;

import org.wordmill.kernel.Ids;
import org.wordmill.kernel.Kernels;
import org.wordmill.kernel.Tensor;
import org.wordmill.tape.Call;
import org.wordmill.tape.GradientSlot;
import org.wordmill.tape.LeafModule;

/**
 * Two inputs of one shape side by side in the last dimension.
 *
 * <pre>
 * forward   y[.., 0 .. C) = u     y[.., C .. 2C) = v     u, v [.., C]   y [.., 2C]
 * backward  du += dy[.., 0 .. C)     dv += dy[.., C .. 2C)
 * </pre>
 */
public final class Concatenation extends LeafModule {
  private static final int INPUTS = 2;

  @Override
  protected Tensor forward(Call call) {
    Tensor u = call.input(0);
    int[] shape = u.shape();
    if (!call.input(1).hasShape(shape)) {
      throw new IllegalArgumentException(u + " and " + call.input(1) + " differ in shape");
    }
    shape[shape.length - 1] *= INPUTS;
    Tensor y = call.output(shape);
    Tensor halves = halves(y);
    halves.fill(0);
    for (int i = 0; i < INPUTS; i++) {
      call.kernels().embeddingBackward(rows(i, u.rows()), call.input(i), halves);
    }
    return y;
  }

  @Override
  protected void backward(Call call) {
    Kernels kernels = call.kernels();
    Tensor halves = halves(call.outputGradient());
    for (int i = 0; i < INPUTS; i++) {
      if (!call.needsGradient(i)) {
        continue;
      }
      Ids rows = rows(i, call.input(i).rows());
      GradientSlot slot = call.inputGradient(i);
      Tensor gradient = slot.tensor();
      if (slot.claim()) {
        Tensor half = call.output(gradient.shape());
        kernels.embeddingForward(halves, rows, half);
        kernels.copy(half, gradient, true);
      } else {
        kernels.embeddingForward(halves, rows, gradient);
      }
    }
  }

  /** Both inputs in one table: the rows of the first are even, those of the second odd. */
  private static Tensor halves(Tensor y) {
    return y.reshape(y.rows() * INPUTS, y.columns() / INPUTS);
  }

  private static Ids rows(int input, int count) {
    int[] rows = new int[count];
    for (int n = 0; n < count; n++) {
      rows[n] = INPUTS * n + input;
    }
    return new Ids(rows, 1, count);
  }
}
