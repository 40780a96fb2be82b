package org.wordmill.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.wordmill.error.ExitCode;
import org.wordmill.error.WordmillException;

class MixPlanTest {
  private static final int T = 5;

  private static DataMix mix(double... weights) {
    return new DataMix(
        IntStream.range(0, weights.length)
            .mapToObj(i -> new DataMix.Source(List.of("text" + i), weights[i]))
            .toList());
  }

  private static long[] drawn(MixPlan plan, long steps) {
    return plan.after(steps).stream().mapToLong(MixPlan.Progress::windows).toArray();
  }

  /** The windows of the first steps, by source, each list in the order of the batches. */
  private static List<List<Long>> draw(MixPlan plan, int sources, int steps, int sequences) {
    List<List<Long>> starts = new ArrayList<>();
    IntStream.range(0, sources).forEach(i -> starts.add(new ArrayList<>()));
    for (int step = 0; step < steps; step++) {
      for (int position = 0; position < sequences; position++) {
        MixPlan.Draw draw = plan.at(step, position);
        starts.get(draw.source()).add(draw.start());
      }
    }
    return starts;
  }

  @Test
  void sharesThatABatchCanHaveAreThoseOfEveryBatch() {
    MixPlan plan = new MixPlan(mix(50, 30, 20), List.of(100L, 1000L, 70L), T, 10, 1);
    for (int step = 0; step < 200; step++) {
      int[] counts = new int[3];
      for (int position = 0; position < 10; position++) {
        counts[plan.at(step, position).source()]++;
      }
      assertThat(counts).containsExactly(5, 3, 2);
    }
  }

  @Test
  void roundingIsMadeGoodAndSharesNeverDrift() {
    long seed = 20261123;
    Random random = new Random(seed);
    for (int trial = 0; trial < 50; trial++) {
      int sources = 1 + random.nextInt(7);
      // Down to weights of which no batch can have a window.
      double[] weights = random.doubles(sources).map(x -> Math.exp(9 * x)).toArray();
      double sum = Arrays.stream(weights).sum();
      int sequences = 1 + random.nextInt(13);
      MixPlan plan =
          new MixPlan(
              mix(weights),
              LongStream.range(0, sources).map(i -> 20 + 31 * i).boxed().toList(),
              T,
              sequences,
              trial);
      long[] counted = new long[sources];
      for (int step = 0; step < 100; step++) {
        for (int position = 0; position < sequences; position++) {
          counted[plan.at(step, position).source()]++;
        }
        assertThat(drawn(plan, step + 1))
            .as("seed " + seed + ", trial " + trial)
            .isEqualTo(counted);
        for (int i = 0; i < sources; i++) {
          assertThat((double) counted[i])
              .isCloseTo(weights[i] / sum * (step + 1) * sequences, within(sources / 2.0));
        }
      }
    }
  }

  @Test
  void afterManyStepsTheSharesAreStillExact() {
    MixPlan plan = new MixPlan(mix(0.6, 0.3, 0.1), List.of(100L, 100L, 100L), T, 1000, 1);
    assertThat(drawn(plan, 1_000_000_000L))
        .containsExactly(600_000_000_000L, 300_000_000_000L, 100_000_000_000L);
    assertThat(plan.at(1_000_000_000L, 999).source()).isBetween(0, 2);
  }

  @Test
  void everyWindowOfASourceComesOnceInEachOfItsEpochs() {
    // 6 of 12 windows a step, and 2 of 40: an epoch of the one takes 2 steps, of the other 20.
    MixPlan plan = new MixPlan(mix(3, 1), List.of(65L, 205L), T, 8, 5);
    List<List<Long>> starts = draw(plan, 2, 60, 8);
    int[] windows = {12, 40};
    int[] epochs = {30, 3};
    for (int source = 0; source < 2; source++) {
      assertThat(starts.get(source)).hasSize(windows[source] * epochs[source]);
      for (int epoch = 0; epoch < epochs[source]; epoch++) {
        List<Long> ofEpoch =
            starts
                .get(source)
                .subList(epoch * windows[source], (epoch + 1) * windows[source])
                .stream()
                .sorted()
                .toList();
        long phase = ofEpoch.get(0);
        assertThat(phase).isBetween(0L, T - 1L);
        assertThat(ofEpoch)
            .containsExactlyElementsOf(
                LongStream.range(0, windows[source]).map(i -> phase + i * T).boxed().toList());
      }
    }
  }

  @Test
  void aMixOfOneSourceHasTheWindowsOfTheTextAloneInEachEpoch() {
    int sequences = 4;
    BatchPlan alone = new BatchPlan(205, T, sequences, 3);
    MixPlan plan = new MixPlan(mix(0.25), List.of(205L), T, sequences, 3);
    int steps = (int) alone.windowsPerEpoch() / sequences;
    assertThat(alone.windowsPerEpoch() % sequences).isZero();
    for (int epoch = 0; epoch < 4; epoch++) {
      List<Long> mixed = new ArrayList<>();
      List<Long> unmixed = new ArrayList<>();
      for (int step = epoch * steps; step < (epoch + 1) * steps; step++) {
        for (int position = 0; position < sequences; position++) {
          mixed.add(plan.at(step, position).start());
          unmixed.add(alone.start(step, position));
        }
      }
      assertThat(new HashSet<>(mixed)).hasSize(steps * sequences);
      assertThat(mixed).containsExactlyInAnyOrderElementsOf(unmixed);
    }
    assertThat(plan.windows()).isEqualTo(alone.windowsPerEpoch());
  }

  @Test
  void sourcesOfOneSizeAreWalkedInTheirOwnOrders() {
    MixPlan plan = new MixPlan(mix(1, 1), List.of(500L, 500L), T, 2, 3);
    List<List<Long>> starts = draw(plan, 2, 90, 2);
    assertThat(starts.get(0)).isNotEqualTo(starts.get(1));
  }

  @Test
  void placesOfSourcesInABatchDependOnSeedAndStep() {
    MixPlan plan = new MixPlan(mix(1, 1), List.of(500L, 500L), T, 8, 3);
    MixPlan other = new MixPlan(mix(1, 1), List.of(500L, 500L), T, 8, 4);
    List<List<Integer>> orders = new ArrayList<>();
    for (int step = 0; step < 20; step++) {
      orders.add(places(plan, step));
      assertThat(places(plan, step)).isEqualTo(orders.get(step));
    }
    assertThat(new HashSet<>(orders)).hasSizeGreaterThan(10);
    assertThat(IntStream.range(0, 20).mapToObj(step -> places(other, step)).toList())
        .isNotEqualTo(orders);
  }

  private static List<Integer> places(MixPlan plan, long step) {
    return IntStream.range(0, 8).mapToObj(i -> plan.at(step, i).source()).toList();
  }

  @Test
  void progressTellsEpochsOfEachSource() {
    // Windows of 5 tokens: 20 of 105 tokens, 200 of 1005.
    MixPlan plan = new MixPlan(mix(6, 4), List.of(105L, 1005L), T, 10, 1);
    assertThat(plan.after(50))
        .containsExactly(
            new MixPlan.Progress("text0", 105, 0.6, 300, 0.6, 15),
            new MixPlan.Progress("text1", 1005, 0.4, 200, 0.4, 1));
    assertThat(plan.after(0)).extracting(MixPlan.Progress::share).containsOnly(0.0);
    assertThat(plan.windows()).isEqualTo(220);
  }

  @Test
  void aSourceShorterThanOneWindowAndItsTargetIsRefusedByName() {
    assertThatThrownBy(() -> new MixPlan(mix(1, 1), List.of(100L, 5L), T, 8, 1))
        .isInstanceOfSatisfying(
            WordmillException.class, e -> assertThat(e.exitCode()).isEqualTo(ExitCode.BAD_INPUT))
        .hasMessageContaining("5 tokens")
        .hasMessageContaining("text1");
  }

  @Test
  void weightsAreAboveZeroAndFinite() {
    for (double bad : new double[] {0, -1, Double.NaN, Double.POSITIVE_INFINITY}) {
      assertThatThrownBy(() -> mix(1, bad)).hasMessageContaining("above 0 and finite");
    }
    assertThatThrownBy(() -> mix(Double.MAX_VALUE, Double.MAX_VALUE)).hasMessageContaining("sum");
    assertThatThrownBy(() -> new DataMix.Source(List.of(), 1)).hasMessageContaining("path");
    assertThat(mix(3, 1).shares()).containsExactly(0.75, 0.25);
    assertThat(DataMix.NONE.isPresent()).isFalse();
  }
}
