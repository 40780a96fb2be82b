package org.wordmill.ngram;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.wordmill.error.ExitCode;
import org.wordmill.error.WordmillException;

class DiscountsTest {

  /** Worked by hand: Y = 100/(100 + 2*40) = 5/9. */
  @Test
  void discountsFollowChenAndGoodman() {
    Discounts d =
        Discounts.fromCountsOfCounts(2, new long[] {0, 100, 40, 20, 10}, Optional.empty());
    assertThat(d.d1()).isCloseTo(1 - 2 * (5.0 / 9) * 0.4, within(1e-15));
    assertThat(d.d2()).isCloseTo(2 - 3 * (5.0 / 9) * 0.5, within(1e-15));
    assertThat(d.d3()).isCloseTo(3 - 4 * (5.0 / 9) * 0.5, within(1e-15));
    assertThat(List.of(d.of(0), d.of(1), d.of(2), d.of(3), d.of(1000)))
        .containsExactly(0.0, d.d1(), d.d2(), d.d3(), d.d3());
  }

  @Test
  void aMissingCountOfCountsIsAnErrorThatNamesTheFallback() {
    for (long[] n : new long[][] {{0, 0, 5, 5, 5}, {0, 5, 0, 5, 5}, {0, 9, 5, 0, 5}}) {
      assertThatThrownBy(() -> Discounts.fromCountsOfCounts(3, n, Optional.empty()))
          .isInstanceOfSatisfying(
              WordmillException.class, e -> assertThat(e.exitCode()).isEqualTo(ExitCode.BAD_INPUT))
          .hasMessageContaining("3-gram")
          .hasMessageContaining("--discount-fallback");
    }
  }

  @Test
  void noNgramSeenFourTimesIsNoError() {
    assertThat(Discounts.fromCountsOfCounts(2, new long[] {0, 9, 5, 2, 0}, Optional.empty()).d3())
        .isEqualTo(3);
  }

  @Test
  void aDiscountOutsideItsRangeIsAnErrorOrFallsBack() {
    long[] n = {0, 100, 10, 50, 1};
    assertThatThrownBy(() -> Discounts.fromCountsOfCounts(1, n, Optional.empty()))
        .isInstanceOf(WordmillException.class)
        .hasMessageContaining("adjusted count 2")
        .hasMessageContaining("--discount-fallback");
    assertThat(Discounts.fromCountsOfCounts(1, n, Optional.of(Discounts.FALLBACK)))
        .isEqualTo(new Discounts(0.5, 1, 1.5));
  }

  @Test
  void pruningThresholdsExtendToHigherOrdersAndMustNotDecrease() {
    KneserNeyOptions options = KneserNeyOptions.ofOrder(4);
    assertThat(options.prune()).containsExactly(0L, 0L, 0L, 0L);
    assertThat(options.withPruning("0,1").prune()).containsExactly(0L, 1L, 1L, 1L);
    for (String wrong : List.of("1,0", "x", "0,0,0,0,1", "-1", "")) {
      assertThatThrownBy(() -> options.withPruning(wrong))
          .as(wrong)
          .isInstanceOfSatisfying(
              WordmillException.class, e -> assertThat(e.exitCode()).isEqualTo(ExitCode.USAGE));
    }
    assertThatThrownBy(() -> KneserNeyOptions.ofOrder(0)).isInstanceOf(WordmillException.class);
  }
}
