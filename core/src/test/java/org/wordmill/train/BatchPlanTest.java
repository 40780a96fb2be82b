package org.wordmill.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.wordmill.error.ExitCode;
import org.wordmill.error.WordmillException;

class BatchPlanTest {

  @Test
  void everyWindowComesExactlyOnceInEachEpoch() {
    int contextLength = 7;
    int sequences = 5;
    for (long tokens : new long[] {8, 13, 14, 15, 100, 1000, 1234}) {
      BatchPlan plan = new BatchPlan(tokens, contextLength, sequences, 42);
      long windows = plan.windowsPerEpoch();
      List<Long> starts = new ArrayList<>();
      for (int step = 0; step * (long) sequences < 4 * windows; step++) {
        for (int position = 0; position < sequences; position++) {
          starts.add(plan.start(step, position));
        }
      }
      for (int epoch = 0; epoch < 3; epoch++) {
        List<Long> ofEpoch =
            new ArrayList<>(starts.subList((int) (epoch * windows), (int) ((epoch + 1) * windows)));
        Collections.sort(ofEpoch);
        long phase = ofEpoch.get(0);
        assertThat(phase).isBetween(0L, contextLength - 1L);
        assertThat(ofEpoch)
            .containsExactlyElementsOf(
                LongStream.range(0, windows).map(i -> phase + i * contextLength).boxed().toList());
        assertThat(ofEpoch.get(ofEpoch.size() - 1) + contextLength).isLessThan(tokens);
      }
    }
  }

  @Test
  void fewerThanTwoWindowsOfTokensAreLeftOutOfAnEpoch() {
    for (long tokens = 2 * 10; tokens < 60; tokens++) {
      long windows = new BatchPlan(tokens, 10, 1, 1).windowsPerEpoch();
      assertThat(tokens - windows * 10).isLessThan(20);
    }
  }

  @Test
  void epochsDifferInOrderAndPhase() {
    BatchPlan plan = new BatchPlan(100_000, 100, 10, 3);
    long windows = plan.windowsPerEpoch();
    Set<Long> phases = new HashSet<>();
    List<List<Long>> orders = new ArrayList<>();
    for (int epoch = 0; epoch < 20; epoch++) {
      List<Long> order = new ArrayList<>();
      for (long i = 0; i < windows; i++) {
        long sample = epoch * windows + i;
        order.add(plan.start(sample / 10, (int) (sample % 10)) / 100);
      }
      phases.add(plan.start(epoch * windows / 10, (int) (epoch * windows % 10)) % 100);
      orders.add(order);
    }
    assertThat(phases).hasSizeGreaterThan(10);
    assertThat(new HashSet<>(orders)).hasSize(20);
    assertThat(orders.get(0)).isNotEqualTo(orders.get(0).stream().sorted().toList());
  }

  @Test
  void theSameSeedGivesTheSameWindowsAndAnotherSeedOthers() {
    BatchPlan plan = new BatchPlan(10_000, 16, 4, 5);
    BatchPlan again = new BatchPlan(10_000, 16, 4, 5);
    BatchPlan other = new BatchPlan(10_000, 16, 4, 6);
    int equal = 0;
    for (int step = 0; step < 100; step++) {
      assertThat(again.start(step, 3)).isEqualTo(plan.start(step, 3));
      equal += other.start(step, 3) == plan.start(step, 3) ? 1 : 0;
    }
    assertThat(equal).isLessThan(10);
  }

  @Test
  void permutationsOfAnySizeAreBijections() {
    for (long size : new long[] {1, 2, 3, 4, 5, 15, 16, 17, 63, 64, 65, 1000, 4097}) {
      for (long seed = 0; seed < 3; seed++) {
        WindowPermutation permutation = new WindowPermutation(size, seed);
        Set<Long> images = new HashSet<>();
        for (long i = 0; i < size; i++) {
          long image = permutation.at(i);
          assertThat(image).isBetween(0L, size - 1);
          images.add(image);
        }
        assertThat(images).hasSize((int) size);
      }
    }
  }

  @Test
  void everyElementOfASmallPermutationIsAboutEquallyOftenFirst() {
    Map<Long, Integer> first = new HashMap<>();
    int draws = 6000;
    for (long seed = 0; seed < draws; seed++) {
      first.merge(new WindowPermutation(6, Seeds.mix(seed)).at(0), 1, Integer::sum);
    }
    assertThat(first.values()).hasSize(6).allSatisfy(n -> assertThat(n).isBetween(850, 1150));
  }

  @Test
  void aPermutationOfBillionsCostsNothingToAskInTheMiddle() {
    WindowPermutation permutation = new WindowPermutation(5_000_000_000L, 9);
    assertThat(permutation.at(4_999_999_999L)).isBetween(0L, 4_999_999_999L);
    assertThat(permutation.at(0)).isNotEqualTo(permutation.at(1));
  }

  @Test
  void aCorpusShorterThanOneWindowAndItsTargetIsRefused() {
    assertThat(new BatchPlan(9, 8, 1, 0).start(3, 0)).isZero();
    assertThatThrownBy(() -> new BatchPlan(8, 8, 1, 0))
        .isInstanceOfSatisfying(
            WordmillException.class, e -> assertThat(e.exitCode()).isEqualTo(ExitCode.BAD_INPUT))
        .hasMessageContaining("8 tokens")
        .hasMessageContaining("context of 8");
  }
}
