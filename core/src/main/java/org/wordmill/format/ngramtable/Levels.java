package org.wordmill.format.ngramtable;

/**
 * The n-grams of a table, order by order, in one of the layouts. An n-gram hw of order k is found
 * among the successors of h, which is an n-gram of order k-1; unigrams have their word's id as the
 * number of their entry.
 */
interface Levels {
  long NONE = -1;

  /** The entry of hw in an order above 1, or {@link #NONE}. */
  long find(int order, long successorsOfH, int word);

  /** Finds many n-grams of an order above 1, each as {@link #find(int, long, int)} does. */
  default void find(int order, Lookups lookups) {
    for (int i = 0; i < lookups.count(); i++) {
      lookups.entries[i] = find(order, lookups.ranges[i], lookups.words[i]);
    }
  }

  /** The last word of an entry of an order above 1, or {@link #NONE} where there is no entry. */
  int word(int order, long entry);

  /** The log10 probability of an entry. */
  float probability(int order, long entry);

  /** The log10 back-off weight of an entry below the highest order. */
  float backoff(int order, long entry);

  /** Where the successors of an entry below the highest order lie in the order above. */
  long successors(int order, long entry);
}
