package org.wordmill.format.kenlm;

import org.wordmill.format.mapped.MappedBytes;

/** Pointers that stand whole in their entries. */
final class InlinePointers implements Pointers {
  private final int bits;
  private final long mask;

  /**
   * @param above how many n-grams the order above has
   */
  InlinePointers(long above) {
    bits = PackedLevel.bits(above);
    mask = (1L << bits) - 1;
  }

  @Override
  public int inlineBits() {
    return bits;
  }

  @Override
  public void read(MappedBytes entries, long entry, long bit, int entryBits, Lookup at) {
    at.node = entries.getBits(bit, mask);
    at.end = entries.getBits(bit + entryBits, mask);
  }
}
