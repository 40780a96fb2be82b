package org.wordmill.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class BatchingTest {

  @Test
  void partitionsTogetherHoldEveryMicroBatchOnce() {
    for (int partitions = 1; partitions <= 24; partitions++) {
      Batching batching = new Batching(24, 1, partitions);
      int next = 0;
      for (int p = 0; p < partitions; p++) {
        assertThat(batching.firstMicroBatch(p)).isEqualTo(next);
        next = batching.firstMicroBatch(p + 1);
        assertThat(next - batching.firstMicroBatch(p))
            .isBetween(24 / partitions, (24 + partitions - 1) / partitions);
      }
      assertThat(next).isEqualTo(24);
    }
  }

  @Test
  void theMicroBatchChosenByItselfIsTheLargestThatBalancesThePartitions() {
    assertThat(Batching.of(12, 1)).isEqualTo(new Batching(12, 12, 1));
    assertThat(Batching.of(12, 2)).isEqualTo(new Batching(12, 6, 2));
    assertThat(Batching.of(12, 4)).isEqualTo(new Batching(12, 3, 4));
    assertThat(Batching.of(12, 5)).isEqualTo(new Batching(12, 2, 5));
    assertThat(Batching.of(7, 7)).isEqualTo(new Batching(7, 1, 7));
  }

  @Test
  void divisionsThatDoNotFitAreRefused() {
    assertThatThrownBy(() -> new Batching(12, 5, 1)).hasMessageContaining("micro-batches of 5");
    assertThatThrownBy(() -> new Batching(12, 6, 3)).hasMessageContaining("3 partitions");
    assertThatThrownBy(() -> Batching.of(4, 5)).hasMessageContaining("5 partitions");
    assertThatThrownBy(() -> Batching.of(0, 1)).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> Batching.of(4, 0)).isInstanceOf(IllegalArgumentException.class);
  }
}
