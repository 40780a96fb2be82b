package org.wordmill.format.kenlm;

import org.wordmill.format.mapped.MappedBytes;

/** Floats: 31 bits of a probability, which is never above 0, and 32 of a back-off weight. */
final class PlainWeights implements Weights {
  private static final int PROBABILITY_BITS = 31;
  private static final long PROBABILITY_MASK = (1L << PROBABILITY_BITS) - 1;
  private static final long FLOAT_MASK = 0xFFFFFFFFL;

  @Override
  public int middleBits() {
    return PROBABILITY_BITS + Float.SIZE;
  }

  @Override
  public int longestBits() {
    return PROBABILITY_BITS;
  }

  @Override
  public void middle(int order, MappedBytes entries, long bit, Lookup at) {
    at.probability = longest(entries, bit);
    at.backoff = Float.intBitsToFloat((int) entries.getBits(bit + PROBABILITY_BITS, FLOAT_MASK));
  }

  @Override
  public float longest(MappedBytes entries, long bit) {
    return Lookup.negative((int) entries.getBits(bit, PROBABILITY_MASK));
  }
}
