package org.wordmill.ngram;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.wordmill.error.WordmillException;
import org.wordmill.text.Vocabulary;

class StupidBackoffTest extends CountSmoothingContract {

  @Override
  CountSmoothing smoothing() {
    return new StupidBackoff(StupidBackoff.FACTOR);
  }

  @Override
  double naive(NaiveCounts counts, List<String> history, String word) {
    List<String> h = counts.context(history);
    double total = counts.after(h).values().stream().mapToLong(Long::longValue).sum();
    if (counts.kept(h, word) > 0 || h.isEmpty()) {
      return counts.kept(h, word) / total;
    }
    double lower = naive(counts, h.subList(1, h.size()), word);
    return total > 0 && !counts.isPrunedContext(h) ? 0.4 * lower : lower;
  }

  @Test
  void bigramByHand() {
    NgramCounts counts = RandomText.count("a b a\na b\n", 2);
    Vocabulary words = counts.vocabulary();
    SmoothedCounts estimate =
        SmoothedCounts.estimate(counts, KneserNeyOptions.ofOrder(2), smoothing());
    int[] a = {words.id("a")};
    assertThat(estimate.probability(a, words.id("b"))).isCloseTo(2 / 3.0, within(1e-15));
    assertThat(estimate.probability(a, a[0])).isCloseTo(0.4 * 3 / 7, within(1e-15));
    assertThat(estimate.probability(a, words.unknown())).isZero();
  }

  @Test
  void scoresAreNoDistributionAndSaySo() {
    assertThat(smoothing().isDistribution()).isFalse();
    assertThat(new WittenBell().isDistribution()).isTrue();
  }

  @Test
  void theFactorIsAFraction() {
    for (double factor : new double[] {0, 1.5, -0.4, Double.NaN}) {
      assertThatThrownBy(() -> new StupidBackoff(factor))
          .isInstanceOf(WordmillException.class)
          .hasMessageContaining("--backoff-factor");
    }
  }
}
