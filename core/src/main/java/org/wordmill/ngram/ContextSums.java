package org.wordmill.ngram;

/**
 * What a smoothing must know of a context h: sums over the n-grams hw.
 *
 * @param total c(h.), the sum of their counts, pruned ones too
 * @param n1 how many are kept and have the count 1
 * @param n2 how many are kept and have the count 2
 * @param n3 how many are kept and have the count 3 or more
 * @param pruned the sum of the counts of those that were pruned
 * @param prunedTypes how many were pruned
 */
public record ContextSums(long total, long n1, long n2, long n3, long pruned, long prunedTypes) {

  /** How many n-grams hw are kept. */
  public long kept() {
    return n1 + n2 + n3;
  }

  /** T(h): how many different words follow h, pruned ones too. */
  public long types() {
    return kept() + prunedTypes;
  }
}
