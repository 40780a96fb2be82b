package org.wordmill.tape;

import java.util.function.UnaryOperator;
import org.wordmill.kernel.Tensor;

/**
 * A part of a network that remembers its input only: forward runs it without a record, backward
 * runs it again with one, from the same place on the tape and so with the same random choices, and
 * then pops that record.
 */
final class RecomputedBlock extends LeafModule {
  private final UnaryOperator<Variable> part;
  private final long position;

  /**
   * @param position of the first call of the part
   */
  RecomputedBlock(UnaryOperator<Variable> part, long position) {
    this.part = part;
    this.position = position;
  }

  @Override
  protected Tensor forward(Call call) {
    return call.tape().runUnrecorded(part, call.inputVariable(0)).value();
  }

  @Override
  protected void backward(Call call) {
    call.tape().runAgain(part, call.inputVariable(0), position, call.outputSlot());
  }

  @Override
  protected boolean backwardReadsOutput() {
    return false;
  }
}
