package org.wordmill.format.kenlm;

import java.io.IOException;
import org.wordmill.format.mapped.MappedBytes;

/**
 * Pointers of which only the low bits stand in their entries (Raj and Whittaker 2003): they ascend,
 * so for each value of the high bits it is enough to know the first entry that has it.
 */
final class ArrayPointers implements Pointers {
  private static final int VERSION = 0;
  private static final int HEADER = 8;

  private final int bits;
  private final long mask;
  private final MappedBytes firsts;
  private final long at;
  private final long size;

  private ArrayPointers(int bits, MappedBytes firsts, long at, long size) {
    this.bits = bits;
    mask = (1L << bits) - 1;
    this.firsts = firsts;
    this.at = at;
    this.size = size;
  }

  /**
   * How many high bits may be cut off, which stands before the first array and is for all orders.
   */
  static int mostCut(Sections file) throws IOException {
    MappedBytes beginning = file.peek(2, "pointers");
    if (beginning.getByte(0) != VERSION) {
      throw file.fault(
          "the KenLM file has array pointers of version "
              + beginning.getByte(0)
              + ", expected "
              + VERSION);
    }
    return beginning.getByte(1) & 0xFF;
  }

  static ArrayPointers map(Sections file, KenlmHeader header, int order, int mostCut)
      throws IOException {
    long above = header.count(order + 1);
    int whole = PackedLevel.bits(above);
    int cut = cut(header.count(order) + 1, above, Math.min(whole, mostCut));
    long size = (above >>> (whole - cut)) + 1;
    // The array is aligned to 8 bytes of the file, wherever its room begins.
    long at = (8 - file.position() % 8) % 8 + HEADER;
    MappedBytes firsts = file.next(HEADER + 8 * size + 7, "pointers of order " + order);
    return new ArrayPointers(whole - cut, firsts, at, size);
  }

  /** How many high bits to cut off so that the array and the entries together are smallest. */
  private static int cut(long entries, long above, int most) {
    int whole = PackedLevel.bits(above);
    int best = 0;
    long least = Long.MAX_VALUE;
    for (int cut = 0; cut <= most; cut++) {
      long change = (above >>> (whole - cut)) * 64 - entries * cut;
      if (change < least) {
        least = change;
        best = cut;
      }
    }
    return best;
  }

  @Override
  public int inlineBits() {
    return bits;
  }

  @Override
  public void read(MappedBytes entries, long entry, long bit, int entryBits, Lookup out) {
    long high = high(entry);
    long next = high;
    while (next + 1 < size && first(next + 1) <= entry + 1) {
      next++;
    }
    out.node = high << bits | entries.getBits(bit, mask);
    out.end = next << bits | entries.getBits(bit + entryBits, mask);
  }

  private long first(long high) {
    return firsts.getLong(at + 8 * high);
  }

  /** The last of the ascending firsts that is not behind an entry. */
  private long high(long entry) {
    long low = 0;
    long behind = size;
    while (behind - low > 1) {
      long middle = (low + behind) >>> 1;
      if (first(middle) <= entry) {
        low = middle;
      } else {
        behind = middle;
      }
    }
    return low;
  }
}
