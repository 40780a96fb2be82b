package org.wordmill.ngram;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.wordmill.lm.Explanation;

/**
 * How one probability of a {@link CountSmoothing} came about: from the unigram up to the longest
 * context that counts, each order with its counts, the weight of the order below, and the formula
 * that puts them together.
 */
final class SmoothedExplanation {
  private final SmoothedCounts estimate;
  private final NgramCounts counts;
  private final List<Explanation.Step> steps = new ArrayList<>();

  SmoothedExplanation(SmoothedCounts estimate) {
    this.estimate = estimate;
    this.counts = estimate.counts();
  }

  Explanation explain(int[] history, int token) {
    int length = Math.min(history.length, counts.order() - 1);
    int[] h = Arrays.copyOfRange(history, history.length - length, history.length);
    double p = 0;
    if (token == counts.vocabulary().begin()) {
      step("<s> is context only and never predicted", "0", 0);
    } else {
      p = unigram(token);
      for (int k = 2; k <= length + 1; k++) {
        p = longer(Arrays.copyOfRange(h, length - k + 1, length), token, p);
      }
    }
    String event = event(token, h);
    return new Explanation(event, steps, Math.log(p));
  }

  private double unigram(int token) {
    int[] none = {};
    double p = estimate.probability(token);
    ContextSums sums = estimate.sums();
    if (sums.total() == 0) {
      step(
          event(token, none) + " = 1/|V|, as only contexts of " + longest() + " count",
          "1/" + estimate.vocabularySize(),
          p);
      return p;
    }
    OrderWeights weights = estimate.weights(1);
    boolean uniform = weights.interpolates() && estimate.options().interpolateUnigrams();
    boolean all = weights.interpolates() && !uniform && token == counts.vocabulary().unknown();
    long count = estimate.used(none, token);
    step("c(" + word(token) + "): how often the text has it", "", count);
    step("c(.): the same, summed over all words", "", sums.total());
    if (uniform || all) {
      types("", sums);
      gamma(weights, "empty", sums);
    }
    OrderWeights.Formula own = weights.ownFormula(count, sums);
    String share =
        uniform
            ? String.format(
                Locale.ROOT, " + %.6f/%d", weights.gamma(sums), estimate.vocabularySize())
            : all ? String.format(Locale.ROOT, " + %.6f", weights.gamma(sums)) : "";
    step(
        event(token, none)
            + " = "
            + own.letters()
            + (uniform ? " + gamma(empty)/|V|" : all ? " + gamma(empty)" : ""),
        own.numbers() + share,
        p);
    return p;
  }

  private double longer(int[] h, int token, double lower) {
    String name = String.join(" ", words(h));
    ContextSums sums = estimate.sums(h);
    if (sums.total() == 0) {
      if (!estimate.smoothing().longestContextsOnly() || h.length == counts.order() - 1) {
        step("the text has nothing after '" + name + "', so the order below stands", "", lower);
      }
      return lower;
    }
    if (estimate.isPruned(h)) {
      step("'" + name + "' is pruned, so the order below stands", "", lower);
      return lower;
    }
    OrderWeights weights = estimate.weights(h.length + 1);
    boolean has = estimate.has(h, token);
    long count = has ? estimate.used(h, token) : 0;
    boolean pruned = !has && estimate.used(h, token) > 0;
    step(
        "c(" + name + " " + word(token) + "): " + (pruned ? "pruned" : "how often the text has it"),
        "",
        count);
    step(
        "c(" + name + " .): the same, summed over all words after '" + name + "'",
        "",
        sums.total());
    String below = event(token, Arrays.copyOfRange(h, 1, h.length));
    String event = event(token, h);
    OrderWeights.Formula own = weights.ownFormula(count, sums);
    if (!weights.interpolates()) {
      double gamma = weights.gamma(sums);
      double p = has ? weights.own(count, sums.total(), sums.types()) : gamma * lower;
      step(
          event + " = " + (has ? own.letters() : "factor * " + below),
          has ? own.numbers() : numbers("%.6g * %.6g", gamma, lower),
          p);
      return p;
    }
    types(name, sums);
    double gamma = gamma(weights, name, sums);
    double p = (has ? weights.own(count, sums.total(), sums.types()) : 0) + gamma * lower;
    step(
        event + " = " + own.letters() + " + gamma(h) " + below,
        own.numbers() + numbers(" + %.6f * %.6f", gamma, lower),
        p);
    return p;
  }

  /** T(h), for those that need it. */
  private void types(String name, ContextSums sums) {
    if (estimate.smoothing().longestContextsOnly()) {
      return;
    }
    boolean discounted = estimate.smoothing() instanceof AbsoluteDiscounting;
    step(
        "T("
            + (name.isEmpty() ? "empty" : name)
            + "): how many different words "
            + (name.isEmpty() ? "there are" : "follow '" + name + "'"),
        "",
        discounted ? sums.kept() : sums.types());
  }

  private double gamma(OrderWeights weights, String name, ContextSums sums) {
    OrderWeights.Formula formula = weights.gammaFormula(sums);
    double gamma = weights.gamma(sums);
    step("gamma(" + name + ") = " + formula.letters(), formula.numbers(), gamma);
    return gamma;
  }

  private String longest() {
    int words = counts.order() - 1;
    return (words == 1 ? "one word" : words + " words") + ", or from <s> on,";
  }

  private void step(String what, String numbers, double value) {
    steps.add(new Explanation.Step(what, numbers, value));
  }

  private static String numbers(String format, Object... values) {
    return String.format(Locale.ROOT, format, values);
  }

  private String event(int token, int[] h) {
    return Explanation.event(word(token), words(h));
  }

  private String word(int token) {
    return counts.vocabulary().token(token);
  }

  private List<String> words(int[] ids) {
    return Arrays.stream(ids).mapToObj(counts.vocabulary()::token).toList();
  }
}
