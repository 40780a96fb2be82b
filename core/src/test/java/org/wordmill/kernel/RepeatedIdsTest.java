package org.wordmill.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import org.junit.jupiter.api.Test;

/**
 * The story of one bug: ND4J's scatter_add lets several threads add to the same row unless it is
 * told to lock, so that now and then the gradient of a frequent token lost a summand.
 */
class RepeatedIdsTest {

  @Test
  void noSummandOfAFrequentTokenIsLost() {
    int rows = 4096;
    int width = 16;
    float[] ones = new float[rows * width];
    Arrays.fill(ones, 1);
    float[] expected = new float[2 * width];
    Arrays.fill(expected, width, 2 * width, rows);
    int[] ids = new int[rows];
    Arrays.fill(ids, 1);
    for (int run = 0; run < 200; run++) {
      Tensor table = Tensor.zeros(Precision.FLOAT, 2, width);
      KernelChoice.REFERENCE
          .create(Precision.FLOAT)
          .embeddingBackward(new Ids(ids, 1, rows), Tensor.of(ones, 1, rows, width), table);
      assertThat(table.toFloats()).containsExactly(expected);
    }
  }
}
