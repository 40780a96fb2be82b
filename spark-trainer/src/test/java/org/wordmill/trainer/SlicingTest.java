package org.wordmill.trainer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.wordmill.kernel.Precision;
import org.wordmill.kernel.Tensor;

class SlicingTest {

  @Test
  void slicesCoverTheVectorOnceAndInOrder() {
    Tensor flat = Tensor.zeroVector(Precision.FLOAT, 10);
    Slicing slicing = new Slicing(10, 4);
    for (int slice = 0; slice < slicing.count(); slice++) {
      slicing.of(flat, slice).fill(slice + 1);
    }
    assertThat(flat.toFloats()).containsExactly(1, 1, 2, 2, 2, 3, 3, 4, 4, 4);
  }

  @Test
  void shortVectorsAreNotCutAndLongOnesHaveSlicesThatFitIntoMemory() {
    assertThat(Slicing.of(300_000, 64).count()).isEqualTo(1);
    assertThat(Slicing.of(10_000_000, 2).count()).isEqualTo(3);
    assertThat(Slicing.of(10_000_000, 64).count()).isEqualTo(10);
    assertThat(Slicing.of(124_000_000, 16).count()).isEqualTo(30);
    assertThat(Slicing.of(1_500_000_000, 4096).count()).isEqualTo(199);
  }

  @Test
  void moreSlicesThanElementsAreRefused() {
    assertThatThrownBy(() -> new Slicing(3, 4)).hasMessage("3 elements do not fill 4 slices");
  }
}
