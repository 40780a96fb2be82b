package org.wordmill.format.kenlm;

import org.wordmill.format.mapped.MappedBytes;

/** Where the n-grams that extend each n-gram of an order lie in the order above. */
interface Pointers {

  /** How many bits of a pointer stand in an entry. */
  int inlineBits();

  /**
   * Reads the pointers of an entry and of the next one, between which its extensions are.
   *
   * @param bit of the inline bits of the entry
   * @param entryBits from there to those of the next entry
   */
  void read(MappedBytes entries, long entry, long bit, int entryBits, Lookup at);
}
