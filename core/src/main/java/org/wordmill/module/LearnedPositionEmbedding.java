package org.wordmill.module;

import java.util.List;
import org.wordmill.kernel.Tensor;
import org.wordmill.tape.Call;
import org.wordmill.tape.Initializer;
import org.wordmill.tape.LeafModule;
import org.wordmill.tape.Parameter;

/**
 * Adds one learned vector for each position, counted from the beginning of the sequence (which is
 * before the input, where a call continues a sequence).
 *
 * <pre>
 * forward   y[b, t] = x[b, t] + positions[t]       x, y [B, T, C]   positions [longest T, C]
 * backward  dx += dy     dpositions[t] += sum_b dy[b, t]
 * </pre>
 */
public final class LearnedPositionEmbedding extends LeafModule {
  private final Parameter positions;

  /** Vectors named {@code name.weight} for sequences of up to {@code longest} tokens. */
  public LearnedPositionEmbedding(String name, int longest, int width, Initializer initializer) {
    this.positions = new Parameter(name + ".weight", initializer, longest, width);
  }

  @Override
  public List<Parameter> parameters() {
    return List.of(positions);
  }

  @Override
  protected Tensor forward(Call call) {
    Tensor x = call.input(0);
    Tensor table = call.value(positions);
    int first = call.continues() ? call.past().length() : 0;
    int end = first + x.dimension(-2);
    if (end > table.rows()) {
      throw new IllegalArgumentException(
          "a sequence of " + end + " tokens has no positions beyond " + table.rows());
    }
    Tensor y = call.output(x.shape());
    int width = table.columns();
    Tensor from = first == 0 ? table : table.view((long) first * width, end - first, width);
    call.kernels().addPositionsForward(x, from, y);
    return y;
  }

  @Override
  protected void backward(Call call) {
    call.kernels().addPositionsBackward(call.outputGradient(), call.gradient(positions));
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
