package org.wordmill.ngram;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.wordmill.lm.Explanation;

/**
 * How one probability of interpolated modified Kneser-Ney came about: from the unigram up to the
 * longest context that the text has, each order with its adjusted count, its discount, its back-off
 * weight and the interpolation with the order below. One pass over the n-grams of each order.
 */
final class KneserNeyExplanation {
  private final KneserNey estimate;
  private final NgramCounts counts;
  private final List<Explanation.Step> steps = new ArrayList<>();

  KneserNeyExplanation(KneserNey estimate) {
    this.estimate = estimate;
    this.counts = estimate.counts();
  }

  Explanation explain(int[] history, int token) {
    int length = Math.min(history.length, counts.order() - 1);
    int[] h = Arrays.copyOfRange(history, history.length - length, history.length);
    double p = token == counts.vocabulary().begin() ? impossible() : unigram(token);
    for (int k = 2; k <= length + 1 && token != counts.vocabulary().begin(); k++) {
      p = interpolated(Arrays.copyOfRange(h, length - k + 1, length), token, p);
    }
    return new Explanation(Explanation.event(word(token), words(h)), steps, Math.log(p));
  }

  private double impossible() {
    step("<s> is context only and never predicted", "0", 0);
    return 0;
  }

  private double unigram(int token) {
    Context context = new Context(new int[0]);
    Discounts d = estimate.discounts(1);
    String name = word(token);
    if (token == counts.vocabulary().unknown() && !estimate.options().interpolateUnigrams()) {
      gamma(context, d, "");
      double p = estimate.probability(token);
      step(event(token, new int[0]) + " = gamma(empty)", "all that the discounts free", p);
      return p;
    }
    long count = estimate.adjusted(1, token);
    step(
        counts.order() == 1
            ? "c(" + name + "): how often the text has it"
            : "c(" + name + "): how many different words stand before it",
        "",
        count);
    step("c(.): the same, summed over all words", "", context.total);
    double p;
    if (estimate.options().interpolateUnigrams()) {
      gamma(context, d, "");
      long vocabulary = context.kept[0] + context.kept[1] + context.kept[2] + context.kept[3] - 1;
      p = estimate.probability(token);
      step(
          event(token, new int[0]) + " = max(0, c - D)/c(.) + gamma(empty)/|V|",
          numbers(
              "max(0, %d - %s)/%d + %s/%d",
              count, d.of(count), context.total, estimate.gamma(), vocabulary),
          p);
    } else {
      p = estimate.probability(token);
      step(
          event(token, new int[0]) + " = max(0, c - D)/c(.)",
          numbers("max(0, %d - %s)/%d", count, d.of(count), context.total),
          p);
    }
    return p;
  }

  private double interpolated(int[] h, int token, double lower) {
    int k = h.length + 1;
    String name = String.join(" ", words(h));
    Context context = new Context(h);
    if (context.total == 0) {
      step("the text has nothing after '" + name + "', so the order below stands", "", lower);
      return lower;
    }
    int[] hw = Arrays.copyOf(h, k);
    hw[k - 1] = token;
    int index = estimate.index(hw);
    boolean kept = index != NgramLevel.NONE && !estimate.pruned(k, index);
    long count = kept ? estimate.adjusted(k, index) : 0;
    boolean raw = k == counts.order() || h[0] == counts.vocabulary().begin();
    step(
        "c("
            + name
            + " "
            + word(token)
            + "): "
            + (index != NgramLevel.NONE && !kept
                ? "pruned"
                : raw ? "how often the text has it" : "how many different words stand before it"),
        "",
        count);
    step(
        "c(" + name + " .): the same, summed over all words after '" + name + "'",
        "",
        context.total);
    Discounts d = estimate.discounts(k);
    double gamma = gamma(context, d, name);
    double p = (kept ? d.discounted(count, context.total) : 0) + gamma * lower;
    step(
        event(token, h) + " = max(0, c - D)/c(h.) + gamma(h) " + event(token, rest(h)),
        numbers("max(0, %d - %s)/%d + %s * %s", count, d.of(count), context.total, gamma, lower),
        p);
    return p;
  }

  /** The back-off weight of a context, with what it is made of. */
  private double gamma(Context c, Discounts d, String name) {
    double gamma = d.gamma(c.kept[1], c.kept[2], c.kept[3], c.pruned, c.total);
    step(
        "gamma("
            + name
            + ") = (D1 N1 + D2 N2 + D3 N3"
            + (c.pruned > 0 ? " + pruned" : "")
            + ")/c(h.)",
        numbers(
                "(%s * %d + %s * %d + %s * %d",
                d.d1(), c.kept[1], d.d2(), c.kept[2], d.d3(), c.kept[3])
            + (c.pruned > 0 ? " + " + c.pruned : "")
            + ")/"
            + c.total,
        gamma);
    return gamma;
  }

  private void step(String what, String numbers, double value) {
    steps.add(new Explanation.Step(what, numbers, value));
  }

  private static int[] rest(int[] h) {
    return Arrays.copyOfRange(h, 1, h.length);
  }

  private String event(int token, int[] h) {
    return Explanation.event(word(token), words(h));
  }

  private String word(int token) {
    return counts.vocabulary().token(token);
  }

  private List<String> words(int[] ids) {
    return Arrays.stream(ids).mapToObj(this::word).toList();
  }

  /** Doubles to six decimals, so that a line stays readable. */
  private static String numbers(String format, Object... values) {
    Object[] shown =
        Arrays.stream(values)
            .map(v -> v instanceof Double x ? String.format(Locale.ROOT, "%.6f", x) : v)
            .toArray();
    return String.format(Locale.ROOT, format, shown);
  }

  /** What follows a context: c(h.), and how many kept n-grams have each adjusted count. */
  private final class Context {
    private final int[] kept = new int[4];
    private long total;
    private long pruned;

    Context(int[] h) {
      int k = h.length + 1;
      int context = h.length == 0 ? 0 : estimate.index(h);
      for (int i = 0; i < counts.size(k); i++) {
        if (k > 1 && (context == NgramLevel.NONE || counts.levels()[k - 2].prefix(i) != context)) {
          continue;
        }
        long count = estimate.adjusted(k, i);
        total += count;
        if (estimate.pruned(k, i)) {
          pruned += count;
        } else {
          kept[(int) Math.min(count, 3)]++;
        }
      }
    }
  }
}
