package org.wordmill.ngram;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.wordmill.error.ExitCode;
import org.wordmill.error.WordmillException;
import org.wordmill.text.Vocabulary;

class AbsoluteDiscountingTest extends CountSmoothingContract {

  @Override
  CountSmoothing smoothing() {
    return new AbsoluteDiscounting();
  }

  @Override
  double naive(NaiveCounts counts, List<String> history, String word) {
    List<String> h = counts.context(history);
    double n1 = counts.countsOfCount(h.size() + 1, 1);
    double n2 = counts.countsOfCount(h.size() + 1, 2);
    double d = n1 == 0 ? 0.5 : n1 / (n1 + 2 * n2);
    double total = 0;
    double freed = 0;
    for (Map.Entry<List<String>, Long> e : counts.after(h).entrySet()) {
      total += e.getValue();
      freed += counts.isPruned(e.getKey()) ? e.getValue() : d;
    }
    double lower =
        h.isEmpty() ? 1.0 / counts.vocabulary.size() : naive(counts, h.subList(1, h.size()), word);
    return total == 0
        ? lower
        : Math.max(0, counts.kept(h, word) - d) / total + freed / total * lower;
  }

  /**
   * Bigrams: five, of which two occur twice and three once, D = 3/(3 + 4); unigrams: none occurs
   * once, so the fallback 0.5 stands. p(b) = (2 - 0.5)/7 + 0.5 * 3/7/4 and so on.
   */
  @Test
  void bigramByHand() {
    NgramCounts counts = RandomText.count("a b a\na b\n", 2);
    Vocabulary words = counts.vocabulary();
    SmoothedCounts estimate =
        SmoothedCounts.estimate(
            counts,
            KneserNeyOptions.ofOrder(2).withFallbackDiscounts(Discounts.FALLBACK),
            smoothing());
    double b = 1.5 / 7 + 1.5 / 28;
    assertThat(estimate.probability(words.id("b"))).isCloseTo(b, within(1e-15));
    assertThat(estimate.probability(words.id("a"), words.id("b")))
        .isCloseTo((2 - 3 / 7.0) / 3 + 2 / 7.0 * b, within(1e-15));
  }

  @Test
  void anOrderInWhichNothingOccursOnceNeedsTheFallback() {
    NgramCounts counts = RandomText.count("a b a\na b\n", 2);
    assertThatThrownBy(
            () -> SmoothedCounts.estimate(counts, KneserNeyOptions.ofOrder(2), smoothing()))
        .isInstanceOfSatisfying(
            WordmillException.class, e -> assertThat(e.exitCode()).isEqualTo(ExitCode.BAD_INPUT))
        .hasMessageContaining("--discount-fallback");
  }
}
