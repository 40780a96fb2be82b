package org.wordmill.trainer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The cost of a step of direct synchronisation, fitted to times that were made up. */
class DirectCostTest {
  private static final DirectCost COST = new DirectCost(0.001, 0.0005, 0.2, 0.3);

  /** 0.001 + 2 x 0.0005 + 0.2 x 0.02 GB + 0.3 x 0.04 GB. */
  @Test
  void theCostOfAStepIsTheSumOfItsFourTimes() {
    assertThat(COST.seconds(2, 10e6)).isCloseTo(0.018, within(1e-12));
  }

  @Test
  void whatMadeTheTimesIsFoundAgain() {
    DirectCost found = DirectCost.fit(runs(COST));
    assertThat(found.fixed()).isCloseTo(COST.fixed(), within(1e-9));
    assertThat(found.perWorker()).isCloseTo(COST.perWorker(), within(1e-9));
    assertThat(found.perGigabyteOwned()).isCloseTo(COST.perGigabyteOwned(), within(1e-9));
    assertThat(found.perGigabyteSent()).isCloseTo(COST.perGigabyteSent(), within(1e-9));
  }

  /** A free fit would make of the smaller step of three workers a negative time for a worker. */
  @Test
  void noTimeIsBelowZero() {
    DirectCost odd = DirectCost.fit(runs(new DirectCost(0.01, -0.001, 0.2, 0.3)));
    assertThat(odd.perWorker()).isZero();
    assertThat(odd.fixed()).isPositive();
    assertThat(odd.seconds(2, 10e6)).isCloseTo(0.024, within(0.002));
  }

  @Test
  void aSlowNetworkSetsThePriceOfAByte() {
    assertThat(COST.within(1e9).perGigabyteSent()).isEqualTo(1);
    assertThat(COST.within(100e9)).isEqualTo(COST);
  }

  /** The bytes that a worker owns and sends are one to two when there are always two workers. */
  @Test
  void runsOfOneNumberOfWorkersAreNotEnough() {
    List<DirectCost.Measured> two = new ArrayList<>();
    for (double parameters : new double[] {1e6, 10e6, 50e6, 100e6, 200e6}) {
      two.add(new DirectCost.Measured(2, parameters, COST.seconds(2, parameters)));
    }
    assertThatThrownBy(() -> DirectCost.fit(two))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("not enough");
    assertThatThrownBy(() -> DirectCost.fit(runs(COST).subList(0, 3)))
        .isInstanceOf(IllegalArgumentException.class);
  }

  private static List<DirectCost.Measured> runs(DirectCost cost) {
    List<DirectCost.Measured> runs = new ArrayList<>();
    for (double parameters : new double[] {1e6, 10e6, 50e6}) {
      for (int workers = 1; workers <= 3; workers++) {
        runs.add(new DirectCost.Measured(workers, parameters, cost.seconds(workers, parameters)));
      }
    }
    return runs;
  }
}
