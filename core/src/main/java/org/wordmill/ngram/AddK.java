package org.wordmill.ngram;

import java.util.Locale;
import org.wordmill.error.ExitCode;
import org.wordmill.error.WordmillException;

/**
 * Add-k smoothing (Lidstone 1920; Laplace with k = 1): every word is counted k times more than the
 * text has it,
 *
 * <pre>
 * p(w|h) = (c(hw) + k) / (c(h.) + k |V|)
 * </pre>
 *
 * where h is the last N-1 words, fewer at the beginning of a sentence. So all words that were not
 * seen after h are equally likely, and after an unseen h all words are: 1/|V|. A baseline to teach
 * with, poor on large vocabularies.
 *
 * <p>The formula knows no lower order, and a table of the ARPA form has some; still the table is
 * exact. It is the interpolation of c(hw)/c(h.) with the uniform distribution, gamma(h) = k|V| /
 * (c(h.) + k|V|), so contexts of N-1 words, and those that begin with {@code <s>}, have that
 * back-off weight, and all n-grams that are neither of order N nor begin with {@code <s>} have the
 * probability 1/|V| and the weight 1. These are what is backed off to and nothing else, as long as
 * the history begins with {@code <s>}, as that of every sentence does.
 *
 * @param k above 0
 */
public record AddK(double k) implements CountSmoothing {

  public AddK {
    if (!(k > 0) || Double.isInfinite(k)) {
      throw new WordmillException(
          ExitCode.USAGE, "k is " + k, "--k", "choose a number above 0, such as 1 or 0.01");
    }
  }

  @Override
  public String label() {
    return "add-k";
  }

  @Override
  public boolean longestContextsOnly() {
    return true;
  }

  @Override
  public void check(KneserNeyOptions options) {
    if (!options.interpolateUnigrams()) {
      throw new WordmillException(
          ExitCode.USAGE,
          "add-k has no mass to give to <unk> alone",
          "--interpolate-unigrams false",
          "leave it out");
    }
  }

  @Override
  public OrderWeights weights(
      int order, long[] countsOfCounts, long vocabulary, KneserNeyOptions options) {
    return new Weights(k, vocabulary);
  }

  private record Weights(double k, long vocabulary) implements OrderWeights {
    @Override
    public double own(long count, long total, long types) {
      return count / (total + k * vocabulary);
    }

    @Override
    public double gamma(ContextSums context) {
      double added = k * vocabulary;
      return (added + context.pruned()) / (context.total() + added);
    }

    @Override
    public Formula ownFormula(long count, ContextSums context) {
      return new Formula(
          "c(hw)/(c(h.) + k|V|)",
          String.format(
              Locale.ROOT, "%d/(%d + %s * %d)", count, context.total(), show(k), vocabulary));
    }

    @Override
    public Formula gammaFormula(ContextSums context) {
      boolean pruned = context.pruned() > 0;
      return new Formula(
          pruned ? "(k|V| + pruned)/(c(h.) + k|V|)" : "k|V|/(c(h.) + k|V|)",
          String.format(
              Locale.ROOT,
              pruned ? "(%s * %d + %d)/(%d + %1$s * %2$d)" : "%s * %d/(%4$d + %1$s * %2$d)",
              show(k),
              vocabulary,
              context.pruned(),
              context.total()));
    }

    private static String show(double k) {
      return k == Math.rint(k) && k < 1e15
          ? String.valueOf((long) k)
          : String.format(Locale.ROOT, "%.6g", k);
    }
  }
}
