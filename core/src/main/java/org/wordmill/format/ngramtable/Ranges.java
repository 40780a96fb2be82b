package org.wordmill.format.ngramtable;

/**
 * Where the successors of a context lie among the entries of the order above: a first entry, below
 * 2^38, and a number of entries, below 2^26, in one long. 0 is no successor.
 */
final class Ranges {
  static final long MAX_SIZE = (1L << 26) - 1;
  private static final int SIZE_BITS = 26;

  private Ranges() {}

  static long of(long begin, long size) {
    return size == 0 ? 0 : begin << SIZE_BITS | size;
  }

  static long begin(long range) {
    return range >>> SIZE_BITS;
  }

  static int size(long range) {
    return (int) (range & MAX_SIZE);
  }
}
