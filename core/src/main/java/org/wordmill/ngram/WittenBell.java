package org.wordmill.ngram;

import java.util.Locale;

/**
 * Witten-Bell smoothing, interpolated (Witten and Bell 1991, method C; Chen and Goodman 1998,
 * section 2.6): a context h sees a new word as often as it has seen one,
 *
 * <pre>
 * p(w|h) = (c(hw) + T(h) p(w|h')) / (c(h.) + T(h))
 * </pre>
 *
 * where T(h) is how many different words follow h. Below the unigrams stands the uniform
 * distribution over the vocabulary without {@code <s>}. It needs no counts of counts, so it works
 * on any text, small and artificial ones too. T(h) has the n-grams that are pruned, and their
 * counts go to the order below.
 */
public record WittenBell() implements CountSmoothing {

  @Override
  public String label() {
    return "witten-bell";
  }

  @Override
  public OrderWeights weights(
      int order, long[] countsOfCounts, long vocabulary, KneserNeyOptions options) {
    return new Weights();
  }

  private record Weights() implements OrderWeights {
    @Override
    public double own(long count, long total, long types) {
      return (double) count / (total + types);
    }

    @Override
    public double gamma(ContextSums context) {
      return (double) (context.types() + context.pruned()) / (context.total() + context.types());
    }

    @Override
    public Formula ownFormula(long count, ContextSums context) {
      return new Formula(
          "c(hw)/(c(h.) + T(h))",
          String.format(Locale.ROOT, "%d/(%d + %d)", count, context.total(), context.types()));
    }

    @Override
    public Formula gammaFormula(ContextSums context) {
      boolean pruned = context.pruned() > 0;
      return new Formula(
          pruned ? "(T(h) + pruned)/(c(h.) + T(h))" : "T(h)/(c(h.) + T(h))",
          String.format(
              Locale.ROOT,
              pruned ? "(%d + %d)/(%d + %1$d)" : "%1$d/(%3$d + %1$d)",
              context.types(),
              context.pruned(),
              context.total()));
    }
  }
}
