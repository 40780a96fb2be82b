package org.wordmill.ngram;

import java.util.Locale;
import org.wordmill.error.ExitCode;
import org.wordmill.error.WordmillException;

/**
 * Absolute discounting, interpolated (Ney, Essen and Kneser 1994): every count gives away the same
 * D of its order,
 *
 * <pre>
 * p(w|h) = max(0, c(hw) - D)/c(h.) + gamma(h) p(w|h')     gamma(h) = D T(h)/c(h.)
 * </pre>
 *
 * where T(h) is how many different words follow h, and D = n1/(n1 + 2 n2), from how many n-grams of
 * the order occur once and twice. Below the unigrams stands the uniform distribution over the
 * vocabulary without {@code <s>}. It is Kneser-Ney with raw counts and one discount.
 *
 * <p>An order without n-grams that occur once has no discount; the fallback is D1 of the options'.
 */
public record AbsoluteDiscounting() implements CountSmoothing {

  @Override
  public String label() {
    return "absolute";
  }

  @Override
  public OrderWeights weights(
      int order, long[] countsOfCounts, long vocabulary, KneserNeyOptions options) {
    return new Weights(discount(order, countsOfCounts, options));
  }

  /**
   * The discount of an order.
   *
   * @throws WordmillException BAD_INPUT when none of its n-grams occurs once, and the options have
   *     no fallback
   */
  public double discount(int order, long[] countsOfCounts, KneserNeyOptions options) {
    long once = countsOfCounts[1];
    if (once > 0) {
      return once / (once + 2.0 * countsOfCounts[2]);
    }
    return options
        .fallback()
        .map(Discounts::d1)
        .orElseThrow(
            () ->
                new WordmillException(
                    ExitCode.BAD_INPUT,
                    "no discount: no " + order + "-gram has the count 1",
                    "in order " + order,
                    "the text is too small or artificial: use more text, or --discount-fallback,"
                        + " or --smoothing witten-bell"));
  }

  private record Weights(double d) implements OrderWeights {
    @Override
    public double own(long count, long total, long types) {
      return Math.max(0, count - d) / total;
    }

    @Override
    public double gamma(ContextSums context) {
      return (d * context.kept() + context.pruned()) / context.total();
    }

    @Override
    public Formula ownFormula(long count, ContextSums context) {
      return new Formula(
          "max(0, c(hw) - D)/c(h.)",
          String.format(Locale.ROOT, "max(0, %d - %.6f)/%d", count, d, context.total()));
    }

    @Override
    public Formula gammaFormula(ContextSums context) {
      boolean pruned = context.pruned() > 0;
      return new Formula(
          pruned ? "(D T(h) + pruned)/c(h.)" : "D T(h)/c(h.)",
          String.format(
              Locale.ROOT,
              pruned ? "(%.6f * %d + %d)/%d" : "%.6f * %d/%4$d",
              d,
              context.kept(),
              context.pruned(),
              context.total()));
    }
  }
}
