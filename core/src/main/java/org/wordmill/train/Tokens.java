package org.wordmill.train;

/** A corpus as one sequence of token ids, read by range. Immutable, for use by many threads. */
public interface Tokens {

  /** The number of tokens. */
  long size();

  /** Copies the tokens [from, from + length) to {@code into} from {@code offset} on. */
  void copy(long from, int[] into, int offset, int length);
}
