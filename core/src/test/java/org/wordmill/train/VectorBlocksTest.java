package org.wordmill.train;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.wordmill.kernel.Precision;
import org.wordmill.kernel.Tensor;

class VectorBlocksTest {
  private static final int SIZE = VectorBlocks.SIZE + 3;

  private final Tensor flat = Tensor.zeros(Precision.FLOAT, SIZE);

  @Test
  void theLastBlockIsShort() {
    VectorBlocks blocks = new VectorBlocks(flat);
    assertEquals(2, blocks.count());
    assertEquals(3, blocks.block(1).size());
  }

  @Test
  void zerosAndTheLargestNumbersAreFinite() {
    flat.view(SIZE - 2, 1).fill(-Float.MAX_VALUE);
    assertTrue(new VectorBlocks(flat).isFinite());
  }

  @ParameterizedTest
  @ValueSource(ints = {0, VectorBlocks.SIZE - 1, VectorBlocks.SIZE, SIZE - 1})
  void oneElementThatIsNotFiniteIsSeenWhereverItIs(int at) {
    for (float bad : new float[] {Float.NaN, Float.NEGATIVE_INFINITY}) {
      flat.view(at, 1).fill(bad);
      assertFalse(new VectorBlocks(flat).isFinite());
    }
  }
}
