package org.wordmill.counter;

/** Reads a block of {@link GramBlockWriter}. */
final class GramBlockReader {
  private static final int SMALL_LIMIT = 31;

  private final byte[] block;
  private final int order;
  private final int[] words;
  private int at = 1;
  private long small;

  GramBlockReader(byte[] block) {
    this.block = block;
    this.order = block[0];
    this.words = new int[order];
  }

  int order() {
    return order;
  }

  /** Moves to the next n-gram; the payload of the one before must have been read. */
  boolean next() {
    if (at == block.length) {
      return false;
    }
    int head = block[at++] & 0xFF;
    int shared = head & 7;
    small = head >>> 3;
    if (small == SMALL_LIMIT) {
      small += varLong();
    }
    // As varLong() does, with the place in a local variable: most of the time goes here.
    int before = words[shared];
    int p = at;
    for (int i = shared; i < order; i++) {
      int word = block[p++];
      if (word < 0) {
        word &= 0x7F;
        int shift = 7;
        int next;
        do {
          next = block[p++];
          word |= (next & 0x7F) << shift;
          shift += 7;
        } while (next < 0);
      }
      words[i] = word;
    }
    words[shared] += before;
    at = p;
    return true;
  }

  /** The current n-gram; overwritten by the next. */
  int[] words() {
    return words;
  }

  /** The small number of the current n-gram. */
  long small() {
    return small;
  }

  float getFloat() {
    int bits =
        block[at] & 0xFF
            | (block[at + 1] & 0xFF) << 8
            | (block[at + 2] & 0xFF) << 16
            | block[at + 3] << 24;
    at += 4;
    return Float.intBitsToFloat(bits);
  }

  private long varLong() {
    long value = block[at++];
    if (value >= 0) {
      return value;
    }
    value &= 0x7F;
    int shift = 7;
    while (true) {
      long next = block[at++];
      value |= (next & 0x7F) << shift;
      if (next >= 0) {
        return value;
      }
      shift += 7;
    }
  }
}
