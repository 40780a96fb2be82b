package org.wordmill.ngram;

import java.io.Serializable;

/**
 * How the counts of one order become probabilities: the own part u(w|h) of an n-gram hw, and the
 * weight gamma(h) of the order below. All in doubles; every estimator, in memory or on a cluster,
 * computes with these functions.
 */
public interface OrderWeights extends Serializable {

  /**
   * u(w|h), what the count of hw itself gives.
   *
   * @param count c(hw), of an n-gram that is kept
   * @param total c(h.), pruned n-grams too
   * @param types T(h), how many different words follow h, pruned n-grams too
   */
  double own(long count, long total, long types);

  /** gamma(h), the weight of the order below; the back-off weight of h in a table. */
  double gamma(ContextSums context);

  /**
   * Whether n-grams that are kept get a share of the order below too, p(w|h) = u(w|h) + gamma(h)
   * p(w|h'); if not, p(w|h) = u(w|h), and gamma(h) is for words that do not follow h.
   */
  default boolean interpolates() {
    return true;
  }

  /** The formula of {@link #own}, as text. */
  Formula ownFormula(long count, ContextSums context);

  /** The formula of {@link #gamma}, as text. */
  Formula gammaFormula(ContextSums context);

  /**
   * A formula for people.
   *
   * @param letters such as {@code c(hw) / c(h.)}
   * @param numbers the same with its numbers
   */
  record Formula(String letters, String numbers) {}
}
