package org.wordmill.format.ngramtable;

import org.wordmill.format.mapped.MappedBytes;

/**
 * An ascending list of numbers in little more space than it must take (Elias 1974, Fano 1971): the
 * low bits of each as they are, the high bits in unary. For n numbers up to u that is 2 + log2(u/n)
 * bits each, and one more for the samples.
 *
 * <p>Number i has its one in the unary bits at position (number &gt;&gt; lowBits) + i; every 64th
 * one's position is sampled.
 */
final class Monotone {
  private static final int SAMPLED = 6;

  private final MappedBytes low;
  private final MappedBytes high;
  private final MappedBytes samples;
  private final int lowBits;
  private final long lowMask;

  Monotone(MappedBytes low, MappedBytes high, MappedBytes samples, int lowBits) {
    this.low = low;
    this.high = high;
    this.samples = samples;
    this.lowBits = lowBits;
    lowMask = (1L << lowBits) - 1;
  }

  /** The low bits that make n numbers up to {@code most} small. */
  static int lowBits(long n, long most) {
    return most <= n ? 0 : 63 - Long.numberOfLeadingZeros(most / n);
  }

  static long lowBytes(long n, long most) {
    return (n * lowBits(n, most) + 7) / 8;
  }

  static long highBytes(long n, long most) {
    return (n + (most >>> lowBits(n, most)) + 1 + 7) / 8;
  }

  static long sampleBytes(long n) {
    return ((n >>> SAMPLED) + 1) * 8;
  }

  /** Sets number i; each is set once. */
  void set(long i, long number) {
    if (lowBits > 0) {
      low.putBits(i * lowBits, number & lowMask);
    }
    long one = (number >>> lowBits) + i;
    high.putBits(one, 1);
    if ((i & (1 << SAMPLED) - 1) == 0) {
      samples.putLong(i >>> SAMPLED << 3, one);
    }
  }

  /** Where the successors of entry i lie: from number i to number i + 1. */
  long range(long i) {
    long one = samples.getLong(i >>> SAMPLED << 3);
    int left = (int) i & (1 << SAMPLED) - 1;
    // The unary bits from the sampled one on, word by word, until enough ones are passed.
    long at = one & ~7;
    long word = high.getLong(at >>> 3) & -1L << (one & 7);
    int ones = Long.bitCount(word);
    while (ones <= left) {
      left -= ones;
      at += 64;
      word = high.getLong(at >>> 3);
      ones = Long.bitCount(word);
    }
    for (; left > 0; left--) {
      word &= word - 1;
    }
    long begin = at + Long.numberOfTrailingZeros(word) - i << lowBits;
    word &= word - 1;
    while (word == 0) {
      at += 64;
      word = high.getLong(at >>> 3);
    }
    long end = at + Long.numberOfTrailingZeros(word) - i - 1 << lowBits;
    if (lowBits > 0) {
      begin |= low.getBits(i * lowBits, lowMask);
      end |= low.getBits((i + 1) * lowBits, lowMask);
    }
    return Ranges.of(begin, Math.max(0, Math.min(end - begin, Ranges.MAX_SIZE)));
  }
}
