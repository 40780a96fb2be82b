package org.wordmill.format.kenlm;

import java.io.IOException;
import org.wordmill.format.mapped.MappedBytes;

/**
 * A hash table with linear probing whose keys are hashes already: an entry begins with its key, 8
 * bytes, and belongs at slot {@code key mod slots}; the key 0 marks a free slot.
 */
final class HashTable {
  static final long NONE = -1;

  private final MappedBytes entries;
  private final int stride;
  private final long slots;

  /** 2^64 / slots, to divide by multiplying. */
  private final long reciprocal;

  private HashTable(MappedBytes entries, int stride, long slots) {
    this.entries = entries;
    this.stride = stride;
    this.slots = slots;
    reciprocal = Long.divideUnsigned(-1L, slots);
  }

  /** Maps the table of so many entries. */
  static HashTable map(Sections file, KenlmHeader header, long count, int stride, String what)
      throws IOException {
    // The product is one of floats, whose rounding decides how many slots there are.
    long slots = Math.max(count + 1, (long) (header.multiplier() * (float) count));
    long bytes = slots > file.left() ? Long.MAX_VALUE : slots * stride;
    return new HashTable(file.next(bytes, what), stride, slots);
  }

  /** Where the entry of a key begins, or {@link #NONE}. */
  long find(long key) {
    if (key == 0) {
      return NONE;
    }
    long slot = slot(key);
    for (long probes = 0; probes < slots; probes++) {
      long at = slot * stride;
      long found = entries.getLong(at);
      if (found == key) {
        return at;
      }
      if (found == 0) {
        return NONE;
      }
      slot = slot + 1 == slots ? 0 : slot + 1;
    }
    return NONE;
  }

  /** Where the search for a key begins. */
  long offset(long key) {
    return slot(key) * stride;
  }

  /** As {@link MappedBytes#getInts} does. */
  void getInts(long[] offsets, int shift, int count, int[] out) {
    entries.getInts(offsets, shift, count, out);
  }

  int getInt(long offset) {
    return entries.getInt(offset);
  }

  float getFloat(long offset) {
    return entries.getFloat(offset);
  }

  /** The unsigned remainder of a key. The quotient by the reciprocal is at most 2 too small. */
  private long slot(long key) {
    long quotient =
        Math.multiplyHigh(key, reciprocal) + (key >> 63 & reciprocal) + (reciprocal >> 63 & key);
    long remainder = key - quotient * slots;
    while (remainder >= slots) {
      remainder -= slots;
    }
    return remainder;
  }
}
