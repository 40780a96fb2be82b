package org.wordmill.trainer;

import java.nio.ByteBuffer;
import org.wordmill.kernel.Tensor;
import org.wordmill.train.VectorBlocks;

/** The blocks of a vector, as tensors and as the bytes that they lie in. */
final class RawBlocks {
  private final Tensor vector;
  private final VectorBlocks blocks;
  private final ByteBuffer[] bytes;

  RawBlocks(Tensor vector) {
    this.vector = vector;
    this.blocks = new VectorBlocks(vector);
    this.bytes = new ByteBuffer[blocks.count()];
    for (int i = 0; i < bytes.length; i++) {
      bytes[i] = blocks.block(i).raw();
    }
  }

  /** All blocks in one. */
  Tensor vector() {
    return vector;
  }

  int count() {
    return bytes.length;
  }

  Tensor block(int i) {
    return blocks.block(i);
  }

  /** All bytes of block {@code i}, with a position of its own. */
  ByteBuffer raw(int i) {
    return bytes[i].duplicate();
  }

  /** {@link #raw} of the blocks [from, to). */
  ByteBuffer[] raw(int from, int to) {
    ByteBuffer[] raw = new ByteBuffer[to - from];
    for (int i = from; i < to; i++) {
      raw[i - from] = raw(i);
    }
    return raw;
  }
}
