package org.wordmill.ngram;

import org.wordmill.lm.LanguageModel;

/**
 * A back-off n-gram model (Katz 1987), wherever its table is kept: log10 p(w|h) is the table's
 * value of the longest n-gram hw that the table has, plus the log10 back-off weights of all longer
 * contexts of h. Safe for use by many threads.
 */
public interface NgramModel extends LanguageModel {

  /** N, the length of the longest n-grams. */
  int order();

  /** How many n-grams of a length, 1..N, the table has. */
  long ngrams(int order);

  /** The length of the longest n-gram hw that the table has, h being the end of the history. */
  int matchedLength(State state, int token);
}
