package org.wordmill.format.ngramtable;

import org.wordmill.format.mapped.MappedBytes;

/**
 * The layout for size: the n-grams of each order sorted by their word ids, so that the successors
 * of a context lie together and are found by halving; words take as many bits as the vocabulary
 * needs, probabilities and back-offs 32 bits or an 8-bit code.
 */
final class CompactLevels implements Levels {
  private static final int UNIGRAM = 8;

  private final MappedBytes[] orders;
  private final Monotone[] successors;
  private final float[][] codes;
  private final int wordBits;
  private final long wordMask;
  private final int valueBits;
  private final long valueMask;

  /**
   * @param orders the entries of order k at k-1
   * @param successors of orders below the highest, order k at k-1
   * @param codes by order above 1, order k at k-1: 256 probabilities and 256 back-offs; empty
   *     unless quantised
   */
  CompactLevels(MappedBytes[] orders, Monotone[] successors, float[][] codes, int vocabulary) {
    this.orders = orders;
    this.successors = successors;
    this.codes = codes;
    wordBits = wordBits(vocabulary);
    wordMask = (1L << wordBits) - 1;
    valueBits = codes.length == 0 ? Float.SIZE : Byte.SIZE;
    valueMask = (1L << valueBits) - 1;
  }

  private static int wordBits(int vocabulary) {
    return Math.max(1, Integer.SIZE - Integer.numberOfLeadingZeros(vocabulary - 1));
  }

  /** How many bytes some entries take. */
  static long bytes(int order, int highest, long count, int vocabulary, boolean quantized) {
    int value = quantized ? Byte.SIZE : Float.SIZE;
    int width = wordBits(vocabulary) + (order == highest ? value : 2 * value);
    return order == 1 ? count * UNIGRAM : (count * width + 7) / 8;
  }

  private long bit(int order, long entry) {
    return entry * (wordBits + (order == orders.length ? valueBits : 2 * valueBits));
  }

  @Override
  public long find(int order, long range, int word) {
    long from = Ranges.begin(range);
    long to = from + Ranges.size(range);
    while (from < to) {
      long middle = (from + to) >>> 1;
      int found = word(order, middle);
      if (found == word) {
        return middle;
      }
      if (found < word) {
        from = middle + 1;
      } else {
        to = middle;
      }
    }
    return NONE;
  }

  @Override
  public int word(int order, long entry) {
    return (int) orders[order - 1].getBits(bit(order, entry), wordMask);
  }

  @Override
  public float probability(int order, long entry) {
    if (order == 1) {
      return orders[0].getFloat(entry * UNIGRAM);
    }
    int value = (int) orders[order - 1].getBits(bit(order, entry) + wordBits, valueMask);
    return codes.length == 0 ? Float.intBitsToFloat(value) : codes[order - 1][value];
  }

  @Override
  public float backoff(int order, long entry) {
    if (order == 1) {
      return orders[0].getFloat(entry * UNIGRAM + 4);
    }
    long at = bit(order, entry) + wordBits + valueBits;
    int value = (int) orders[order - 1].getBits(at, valueMask);
    return codes.length == 0
        ? Float.intBitsToFloat(value)
        : codes[order - 1][Quantizer.CODES + value];
  }

  @Override
  public long successors(int order, long entry) {
    return successors[order - 1].range(entry);
  }

  /** Writes an entry; each is written once. */
  void put(int order, long entry, int word, float probability, float backoff) {
    if (order == 1) {
      orders[0].putFloat(entry * UNIGRAM, probability);
      orders[0].putFloat(entry * UNIGRAM + 4, backoff);
      return;
    }
    MappedBytes entries = orders[order - 1];
    long at = bit(order, entry);
    entries.putBits(at, word);
    entries.putBits(at + wordBits, value(order, 0, probability));
    if (order < orders.length) {
      entries.putBits(at + wordBits + valueBits, value(order, Quantizer.CODES, backoff));
    }
  }

  private long value(int order, int codesFrom, float value) {
    if (codes.length == 0) {
      return Float.floatToRawIntBits(value) & 0xFFFFFFFFL;
    }
    return Quantizer.code(codes[order - 1], codesFrom, value);
  }

  void putSuccessors(int order, long entry, long begin) {
    successors[order - 1].set(entry, begin);
  }
}
