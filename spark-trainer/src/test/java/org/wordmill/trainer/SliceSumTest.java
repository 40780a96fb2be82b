package org.wordmill.trainer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.wordmill.train.BatchSum;
import org.wordmill.train.GradientPrecision;

class SliceSumTest {

  private static GradientSlice slice(int partition, float... values) {
    return new GradientSlice(
        new PartialSum(partition, new BatchSum(partition, 1), 0, 0),
        GradientPrecision.FLOAT,
        new FloatVector.OfArray(values.clone()));
  }

  private static float[] sum(SliceSum sum) {
    return sum.result().values().array();
  }

  @Test
  void theOrderOfArrivalChangesNoBit() {
    // In floats 2^24 + 1 = 2^24, so every other order of these has another sum than 1.
    float big = 1 << 24;
    List<GradientSlice> slices = new ArrayList<>();
    for (int seed = 0; seed < 20; seed++) {
      slices.clear();
      slices.add(slice(0, big, 1));
      slices.add(slice(1, 1, 2));
      slices.add(slice(2, -big, 3));
      slices.add(slice(3, 1, 4));
      Collections.shuffle(slices, new Random(seed));
      SliceSum sum = new SliceSum(4);
      slices.forEach(sum::add);
      assertThat(sum(sum)).containsExactly(1, 10);
      assertThat(sum.result().parts())
          .extracting(PartialSum::partition)
          .containsExactly(0, 1, 2, 3);
    }
  }

  @Test
  void aMissingPartitionIsNoSum() {
    SliceSum sum = new SliceSum(3);
    sum.add(slice(0, 1));
    sum.add(slice(2, 1));
    assertThatThrownBy(sum::result).hasMessage("the gradient of partition 1 is missing");
  }

  @Test
  void aPartitionThatComesTwiceIsRefused() {
    SliceSum sum = new SliceSum(3);
    sum.add(slice(0, 1));
    sum.add(slice(2, 1));
    assertThatThrownBy(() -> sum.add(slice(0, 1))).hasMessageContaining("partition 0 came twice");
    assertThatThrownBy(() -> sum.add(slice(2, 1))).hasMessageContaining("partition 2 came twice");
  }

  @Test
  void slicesOfOtherLengthsAreRefused() {
    SliceSum sum = new SliceSum(2);
    sum.add(slice(0, 1, 2));
    assertThatThrownBy(() -> sum.add(slice(1, 1))).hasMessageContaining("a slice of 1 elements");
  }
}
