package org.wordmill.ngram;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.wordmill.error.WordmillException;
import org.wordmill.text.Vocabulary;

class AddKTest extends CountSmoothingContract {
  private static final double K = 0.25;

  @Override
  CountSmoothing smoothing() {
    return new AddK(K);
  }

  @Override
  double naive(NaiveCounts counts, List<String> history, String word) {
    List<String> h = counts.context(history);
    double v = counts.vocabulary.size();
    if (h.size() < counts.order - 1 && (h.isEmpty() || !h.get(0).equals("<s>"))) {
      return 1 / v;
    }
    double total = 0;
    double pruned = 0;
    for (Map.Entry<List<String>, Long> e : counts.after(h).entrySet()) {
      total += e.getValue();
      pruned += counts.isPruned(e.getKey()) ? e.getValue() : 0;
    }
    return (counts.kept(h, word) + K + pruned / v) / (total + K * v);
  }

  /** After "a": b twice, the end once; the words are a, b, the end and the unknown one. */
  @Test
  void laplaceByHand() {
    NgramCounts counts = RandomText.count("a b a\na b\n", 2);
    BackoffModel model =
        SmoothedCounts.estimate(counts, KneserNeyOptions.ofOrder(2), new AddK(1)).toModel();
    Vocabulary words = model.vocabulary();
    int a = words.id("a");
    assertThat(p(model, a, words.id("b"))).isCloseTo(3 / 7.0, within(1e-6));
    assertThat(p(model, a, words.end())).isCloseTo(2 / 7.0, within(1e-6));
    assertThat(p(model, a, a)).isCloseTo(1 / 7.0, within(1e-6));
    assertThat(p(model, a, words.unknown())).isCloseTo(1 / 7.0, within(1e-6));
    assertThat(p(model, words.unknown(), a)).isCloseTo(1 / 4.0, within(1e-6));
  }

  @Test
  void kIsAboveZero() {
    for (double k : new double[] {0, -1, Double.NaN, Double.POSITIVE_INFINITY}) {
      assertThatThrownBy(() -> new AddK(k))
          .isInstanceOf(WordmillException.class)
          .hasMessageContaining("--k");
    }
  }

  @Test
  void massForTheUnknownWordAloneIsRefused() {
    NgramCounts counts = RandomText.count("a b\n", 2);
    KneserNeyOptions options = KneserNeyOptions.ofOrder(2).withInterpolateUnigrams(false);
    assertThatThrownBy(() -> SmoothedCounts.estimate(counts, options, new AddK(1)))
        .isInstanceOf(WordmillException.class)
        .hasMessageContaining("--interpolate-unigrams");
  }

  private static double p(BackoffModel model, int history, int word) {
    return Math.exp(model.logProbability(model.advance(NgramContext.empty(), history), word));
  }
}
