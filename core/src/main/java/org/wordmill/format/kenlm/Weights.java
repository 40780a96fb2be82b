package org.wordmill.format.kenlm;

import org.wordmill.format.mapped.MappedBytes;

/** How the probability and the back-off weight of an n-gram above order 1 stand in a trie. */
interface Weights {

  /** How many bits both have. */
  int middleBits();

  /** How many bits a probability of the highest order has. */
  int longestBits();

  /** Reads both from a bit on. */
  void middle(int order, MappedBytes entries, long bit, Lookup at);

  /** A probability of the highest order. */
  float longest(MappedBytes entries, long bit);
}
