package org.wordmill.trainer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.wordmill.train.GradientPrecision;

class SlicingTest {

  @Test
  void theTasksTakeEverySliceOnceAndInOrder() {
    Random random = new Random(1);
    for (int i = 0; i < 1000; i++) {
      int elements = 1 + random.nextInt(i % 2 == 0 ? 100 : 100_000_000);
      Slicing slicing = Slicing.forTasks(elements, 1 + random.nextInt(Math.min(elements, 40)));
      KeptVector vector =
          new KeptVector(
              new StepBlocks(1), "sum", elements, slicing.slice(), GradientPrecision.FLOAT);
      List<Integer> slices = new ArrayList<>();
      for (int task = 0; task < slicing.tasks(); task++) {
        assertThat(SliceSums.slices(slicing, task)).isNotEmpty();
        slices.addAll(SliceSums.slices(slicing, task));
      }
      assertThat(slices).isEqualTo(IntStream.range(0, vector.slices()).boxed().toList());
      assertThat(slices.stream().mapToInt(vector::length).sum()).isEqualTo(elements);
      assertThat(slicing.slice()).isLessThanOrEqualTo(KeptVector.SLICE);
    }
  }

  @Test
  void shortVectorsAreNotSharedOutAndTasksOfLongOnesFitIntoMemory() {
    assertThat(Slicing.of(1_000_000, 2, 64)).isEqualTo(new Slicing(1_000_000, 1_000_000, 1));
    assertThat(Slicing.of(1_000_000, 64, 64).tasks()).isEqualTo(31);
    assertThat(Slicing.of(10_000_000, 2, 2)).isEqualTo(new Slicing(10_000_000, 1_000_000, 5));
    assertThat(Slicing.of(10_000_000, 64, 64).tasks()).isEqualTo(64);
    assertThat(Slicing.of(124_000_000, 2, 2).tasks()).isEqualTo(15);
    assertThat(Slicing.of(124_000_000, 2, 2).perTask()).isEqualTo(8);
    assertThat(Slicing.of(1_500_000_000, 64, 64).tasks()).isEqualTo(179);
  }

  @Test
  void moreTasksThanElementsAreRefused() {
    assertThatThrownBy(() -> Slicing.forTasks(3, 4)).hasMessage("3 elements do not fill 4 tasks");
  }
}
