package org.wordmill.ngram;

import java.util.Locale;
import org.wordmill.error.ExitCode;
import org.wordmill.error.WordmillException;

/**
 * Stupid back-off (Brants et al. 2007): relative frequencies, and where there is none, a fixed
 * fraction of what the order below says,
 *
 * <pre>
 * S(w|h) = c(hw)/c(h.)          if the text has hw
 *          factor * S(w|h')     if not
 * </pre>
 *
 * and S(w) = c(w)/c(.). These are scores, not probabilities: after a history they do not sum to 1,
 * so a perplexity made of them compares with no other model's. A word that the text has not scores
 * 0.
 *
 * <p>In a table of the ARPA form each context that the text has weighs the factor, and a context
 * that it has not weighs 1, where the paper charges the factor too. That is the same for all words
 * after a history, so it changes no ranking of them.
 *
 * @param factor in (0, 1]; the paper has 0.4
 */
public record StupidBackoff(double factor) implements CountSmoothing {
  /** The factor of the paper. */
  public static final double FACTOR = 0.4;

  public StupidBackoff {
    if (!(factor > 0 && factor <= 1)) {
      throw new WordmillException(
          ExitCode.USAGE,
          "the back-off factor is " + factor,
          "--backoff-factor",
          "choose a number above 0 and at most 1, such as 0.4");
    }
  }

  @Override
  public String label() {
    return "stupid-backoff";
  }

  @Override
  public boolean isDistribution() {
    return false;
  }

  @Override
  public OrderWeights weights(
      int order, long[] countsOfCounts, long vocabulary, KneserNeyOptions options) {
    return new Weights(factor);
  }

  private record Weights(double factor) implements OrderWeights {
    @Override
    public double own(long count, long total, long types) {
      return (double) count / total;
    }

    @Override
    public double gamma(ContextSums context) {
      return factor;
    }

    @Override
    public boolean interpolates() {
      return false;
    }

    @Override
    public Formula ownFormula(long count, ContextSums context) {
      return new Formula("c(hw)/c(h.)", count + "/" + context.total());
    }

    @Override
    public Formula gammaFormula(ContextSums context) {
      return new Formula("factor", String.format(Locale.ROOT, "%.6g", factor));
    }
  }
}
