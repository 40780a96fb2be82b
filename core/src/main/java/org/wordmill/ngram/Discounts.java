package org.wordmill.ngram;

import java.util.Locale;
import java.util.Optional;
import org.wordmill.error.ExitCode;
import org.wordmill.error.WordmillException;

/**
 * The three discounts D1, D2, D3+ of one order of modified Kneser-Ney smoothing, and the formulas
 * that use them (Chen and Goodman 1998, section 3).
 *
 * <p>Every estimator, in memory or on a cluster, computes with these functions in doubles, so that
 * their numbers are the same.
 *
 * @param d1 taken from an adjusted count of 1
 * @param d2 taken from an adjusted count of 2
 * @param d3 taken from an adjusted count of 3 or more (D3+)
 */
public record Discounts(double d1, double d2, double d3) implements OrderWeights {

  /** What {@code --discount-fallback} uses where the counts of counts give no discounts. */
  public static final Discounts FALLBACK = new Discounts(0.5, 1, 1.5);

  /**
   * The discounts of one order: Y = n1/(n1 + 2 n2), D_j = j - (j+1) Y n_{j+1}/n_j.
   *
   * @param order for messages
   * @param n {@code n[j]} is the number of n-grams of this order whose adjusted count is j, for j =
   *     1..4; {@code n[0]} is not used
   * @param fallback what to use when some n_j is 0 for j = 1..3 or some D_j is outside [0, j]
   * @throws WordmillException BAD_INPUT when that happens without a fallback
   */
  public static Discounts fromCountsOfCounts(int order, long[] n, Optional<Discounts> fallback) {
    if (n.length != 5) {
      throw new IllegalArgumentException("counts of counts for 1..4 expected, got " + n.length);
    }
    double y = n[1] / (n[1] + 2.0 * n[2]);
    double[] d = new double[4];
    for (int j = 1; j <= 3; j++) {
      if (n[j] == 0) {
        return orElse(fallback, "no " + order + "-gram has the adjusted count " + j, order);
      }
      d[j] = j - (j + 1) * y * n[j + 1] / n[j];
      if (d[j] < 0 || d[j] > j) {
        String found =
            String.format(
                Locale.ROOT,
                "the discount for adjusted count %d of the %d-grams is %.6f",
                j,
                order,
                d[j]);
        return orElse(fallback, found + ", outside [0, " + j + "]", order);
      }
    }
    return new Discounts(d[1], d[2], d[3]);
  }

  private static Discounts orElse(Optional<Discounts> fallback, String what, int order) {
    return fallback.orElseThrow(
        () ->
            new WordmillException(
                ExitCode.BAD_INPUT,
                "no Kneser-Ney discounts: " + what,
                "in order " + order,
                "the text is too small or artificial: use more text, or --discount-fallback"));
  }

  /** The discount of an adjusted count; 0 for 0. */
  public double of(long count) {
    if (count >= 3) {
      return d3;
    }
    return count == 2 ? d2 : count == 1 ? d1 : 0;
  }

  /** The uninterpolated part of a probability: u(w|h) = max(0, c(hw) - D)/c(h.). */
  public double discounted(long count, long contextTotal) {
    return Math.max(0, count - of(count)) / contextTotal;
  }

  @Override
  public double own(long count, long total, long types) {
    return discounted(count, total);
  }

  @Override
  public double gamma(ContextSums context) {
    return gamma(context.n1(), context.n2(), context.n3(), context.pruned(), context.total());
  }

  @Override
  public Formula ownFormula(long count, ContextSums context) {
    return new Formula(
        "max(0, c - D)/c(h.)",
        String.format(Locale.ROOT, "max(0, %d - %.6f)/%d", count, of(count), context.total()));
  }

  @Override
  public Formula gammaFormula(ContextSums context) {
    boolean any = context.pruned() > 0;
    return new Formula(
        "(D1 N1 + D2 N2 + D3 N3" + (any ? " + pruned)" : ")") + "/c(h.)",
        String.format(
            Locale.ROOT,
            "(%.6f * %d + %.6f * %d + %.6f * %d" + (any ? " + %d)/%d" : ")/%8$d"),
            d1,
            context.n1(),
            d2,
            context.n2(),
            d3,
            context.n3(),
            context.pruned(),
            context.total()));
  }

  /**
   * The back-off weight: gamma(h) = (D1 N1 + D2 N2 + D3 N3+ + pruned)/c(h.), where N_j is the
   * number of words whose n-gram hw is kept and has adjusted count j.
   *
   * @param n1 N1(h .)
   * @param n2 N2(h .)
   * @param n3 N3+(h .)
   * @param pruned the sum of the adjusted counts of the n-grams hw that were pruned
   * @param contextTotal c(h.), the sum of the adjusted counts of all n-grams hw, pruned ones too
   */
  public double gamma(long n1, long n2, long n3, long pruned, long contextTotal) {
    return (d1 * n1 + d2 * n2 + d3 * n3 + pruned) / contextTotal;
  }

  @Override
  public String toString() {
    return String.format(Locale.ROOT, "D1 %.6g D2 %.6g D3+ %.6g", d1, d2, d3);
  }
}
