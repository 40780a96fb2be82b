package org.wordmill.ngram;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.wordmill.text.Vocabulary;

class WittenBellTest extends CountSmoothingContract {

  @Override
  CountSmoothing smoothing() {
    return new WittenBell();
  }

  @Override
  double naive(NaiveCounts counts, List<String> history, String word) {
    List<String> h = counts.context(history);
    double total = 0;
    double pruned = 0;
    Map<List<String>, Long> after = counts.after(h);
    for (Map.Entry<List<String>, Long> e : after.entrySet()) {
      total += e.getValue();
      pruned += counts.isPruned(e.getKey()) ? e.getValue() : 0;
    }
    double lower =
        h.isEmpty() ? 1.0 / counts.vocabulary.size() : naive(counts, h.subList(1, h.size()), word);
    double types = after.size();
    return total == 0 ? lower : (counts.kept(h, word) + (types + pruned) * lower) / (total + types);
  }

  /**
   * The text has 7 tokens of 3 types and 4 words: p(b) = (2 + 3/4)/(7 + 3) = 0.275; after "a" there
   * are 3 tokens of 2 types: p(b|a) = (2 + 2 * 0.275)/(3 + 2) = 0.51.
   */
  @Test
  void bigramByHand() {
    NgramCounts counts = RandomText.count("a b a\na b\n", 2);
    Vocabulary words = counts.vocabulary();
    SmoothedCounts estimate =
        SmoothedCounts.estimate(counts, KneserNeyOptions.ofOrder(2), smoothing());
    assertThat(estimate.probability(words.id("b"))).isCloseTo(0.275, within(1e-15));
    assertThat(estimate.probability(words.id("a"), words.id("b"))).isCloseTo(0.51, within(1e-15));
    assertThat(estimate.gamma(words.id("a"))).isCloseTo(0.4, within(1e-15));
  }
}
