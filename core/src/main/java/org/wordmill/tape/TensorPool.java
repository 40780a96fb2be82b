package org.wordmill.tape;

import java.util.ArrayList;
import java.util.List;
import org.wordmill.kernel.Kernels;
import org.wordmill.kernel.Tensor;

/**
 * The memory of steps that nobody planned: tensors that are lent for a step or a part of it, and
 * lent again. A step that asks for the same sizes in the same order as the step before finds them
 * all here.
 */
final class TensorPool implements StepMemory {
  /** Steps after which memory that no step asked for is given up. */
  private static final int PATIENCE = 64;

  private static final class Block {
    private Tensor tensor;
    private boolean lent = true;
    private long lastUse;

    Block(Tensor tensor) {
      this.tensor = tensor;
    }
  }

  private final Kernels kernels;
  private final List<Block> blocks = new ArrayList<>();
  private long step;

  TensorPool(Kernels kernels) {
    this.kernels = kernels;
  }

  @Override
  public Tensor take(int... shape) {
    long size = 1;
    for (int extent : shape) {
      size *= extent;
    }
    for (Block block : blocks) {
      if (!block.lent && block.tensor.size() == size) {
        if (!block.tensor.hasShape(shape)) {
          block.tensor = block.tensor.reshape(shape);
        }
        block.lent = true;
        block.lastUse = step;
        return block.tensor;
      }
    }
    Block block = new Block(kernels.zeros(shape));
    block.lastUse = step;
    blocks.add(block);
    return block.tensor;
  }

  @Override
  public void release(Tensor tensor) {
    for (Block block : blocks) {
      if (block.tensor == tensor) {
        block.lent = false;
        return;
      }
    }
    throw new IllegalArgumentException(tensor + " was not lent by this pool");
  }

  @Override
  public void begin() {
    step++;
    blocks.removeIf(block -> step - block.lastUse > PATIENCE);
    for (Block block : blocks) {
      block.lent = false;
    }
  }

  /** Bytes held, lent or not. */
  @Override
  public long bytes() {
    long elements = 0;
    for (Block block : blocks) {
      elements += block.tensor.size();
    }
    return elements * kernels.precision().bytes();
  }
}
