package org.wordmill.trainer;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.wordmill.train.GradientPrecision;
import org.wordmill.train.VectorBlocks;

class SlicingTest {

  @Test
  void theTasksTakeEverySliceOnceAndInOrder() {
    Random random = new Random(1);
    for (int i = 0; i < 1000; i++) {
      int elements = 1 + random.nextInt(i % 2 == 0 ? 100 : 100_000_000);
      int most = 1 + random.nextInt(40);
      Slicing slicing = Slicing.forTasks(elements, most);
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
      assertThat(slicing.slice() % VectorBlocks.SIZE).isZero();
      assertThat(slicing.tasks()).isLessThanOrEqualTo(most);
    }
  }

  @Test
  void shortVectorsAreNotSharedOutAndTasksOfLongOnesFitIntoMemory() {
    assertThat(Slicing.of(1_000_000, 2, 64)).isEqualTo(new Slicing(1_000_000, 1 << 20, 1));
    assertThat(Slicing.of(1_000_000, 64, 64).tasks()).isEqualTo(4);
    assertThat(Slicing.of(10_000_000, 2, 2)).isEqualTo(new Slicing(10_000_000, 1 << 20, 5));
    assertThat(Slicing.of(10_000_000, 64, 64).tasks()).isEqualTo(39);
    assertThat(Slicing.of(124_000_000, 2, 2).tasks()).isEqualTo(15);
    assertThat(Slicing.of(124_000_000, 2, 2).perTask()).isEqualTo(8);
    assertThat(Slicing.of(1_500_000_000, 64, 64).tasks()).isEqualTo(179);
  }
}
