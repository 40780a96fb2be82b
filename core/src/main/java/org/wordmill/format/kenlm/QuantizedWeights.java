package org.wordmill.format.kenlm;

import java.io.IOException;
import org.wordmill.format.mapped.MappedBytes;

/**
 * Codes: first that of the back-off weight, then that of the probability. What they stand for is in
 * two lists of floats for each order between 2 and N-1, probabilities first, and one for order N.
 */
final class QuantizedWeights implements Weights {
  private static final int VERSION = 2;
  private static final int MAX_BITS = 25;

  /** Version, bits of probabilities, bits of back-off weights, and room. */
  private static final int HEADER = 8;

  private final MappedBytes lists;
  private final int probabilityBits;
  private final int backoffBits;
  private final long longestList;

  private QuantizedWeights(MappedBytes lists, int order, int probabilityBits, int backoffBits) {
    this.lists = lists;
    this.probabilityBits = probabilityBits;
    this.backoffBits = backoffBits;
    longestList = middleList(order);
  }

  static QuantizedWeights map(Sections file, KenlmHeader header) throws IOException {
    MappedBytes beginning = file.peek(HEADER, "quantization");
    int version = beginning.getByte(0);
    int probabilityBits = beginning.getByte(1);
    int backoffBits = beginning.getByte(2);
    if (version != VERSION) {
      throw file.fault(
          "the KenLM file has quantization of version " + version + ", expected " + VERSION);
    }
    if (probabilityBits < 1
        || probabilityBits > MAX_BITS
        || backoffBits < 1
        || backoffBits > MAX_BITS) {
      throw file.fault(
          "the KenLM file has codes of " + probabilityBits + " and " + backoffBits + " bits");
    }
    long probabilities = 4L << probabilityBits;
    long both = probabilities + (4L << backoffBits);
    long length = HEADER + (header.order() - 2) * both + probabilities;
    return new QuantizedWeights(
        file.next(length, "quantization"), header.order(), probabilityBits, backoffBits);
  }

  private long middleList(int order) {
    return HEADER + (order - 2) * ((4L << probabilityBits) + (4L << backoffBits));
  }

  @Override
  public int middleBits() {
    return probabilityBits + backoffBits;
  }

  @Override
  public int longestBits() {
    return probabilityBits;
  }

  @Override
  public void middle(int order, MappedBytes entries, long bit, Lookup at) {
    long backoff = entries.getBits(bit, (1L << backoffBits) - 1);
    long probability = entries.getBits(bit + backoffBits, (1L << probabilityBits) - 1);
    long list = middleList(order);
    at.probability = lists.getFloat(list + 4 * probability);
    at.backoff = lists.getFloat(list + (4L << probabilityBits) + 4 * backoff);
  }

  @Override
  public float longest(MappedBytes entries, long bit) {
    return lists.getFloat(longestList + 4 * entries.getBits(bit, (1L << probabilityBits) - 1));
  }
}
