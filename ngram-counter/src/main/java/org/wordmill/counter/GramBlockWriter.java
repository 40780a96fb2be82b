package org.wordmill.counter;

import java.util.Arrays;

/**
 * Writes one shuffle block: n-grams of one order, ascending, each coded by its difference from the
 * one before.
 *
 * <pre>
 *   block  := order (1 byte) entry*
 *   entry  := head (1 byte: shared | small &lt;&lt; 3) [varint small-31] word words* payload
 *   shared := number of leading words that equal the words of the entry before, 0..7
 *   small  := a number of the caller's, 0..30 in the head, from 31 on 31 and the rest as a varint
 *   word   := varint(first differing word - that of the entry before; 0 before the first entry)
 *   words  := varint of each following word
 *   payload:= what the caller puts
 * </pre>
 *
 * <p>Ids are given by falling frequency, so most words take one or two bytes. Equal n-grams may not
 * follow each other.
 */
final class GramBlockWriter {
  private static final int SMALL_LIMIT = 31;

  private final int order;
  private final int[] last;
  private byte[] buffer = new byte[256];
  private int size;

  GramBlockWriter(int order) {
    this.order = order;
    this.last = new int[order];
    reset();
  }

  private void reset() {
    Arrays.fill(last, 0);
    buffer[0] = (byte) order;
    size = 1;
  }

  int order() {
    return order;
  }

  /** Bytes so far. */
  int size() {
    return size;
  }

  boolean isEmpty() {
    return size == 1;
  }

  /** The number of leading words shared with the entry written last; -1 before the first. */
  int shared(int[] words) {
    if (size == 1) {
      return -1;
    }
    int shared = 0;
    while (shared < order && words[shared] == last[shared]) {
      shared++;
    }
    return shared;
  }

  /**
   * Writes an n-gram and a small number; the payload, if any, follows by the put methods.
   *
   * @param words at least as long as the order; above the n-gram written last in their order
   */
  void add(int[] words, long small) {
    if (buffer.length - size < 5 * order + 32) {
      buffer = Arrays.copyOf(buffer, 2 * buffer.length + 5 * order);
    }
    int shared = 0;
    while (shared < order - 1 && words[shared] == last[shared]) {
      shared++;
    }
    int at = size;
    buffer[at++] = (byte) (shared | (int) Math.min(small, SMALL_LIMIT) << 3);
    if (small >= SMALL_LIMIT) {
      at = putVarLong(small - SMALL_LIMIT, buffer, at);
    }
    at = putVarLong(words[shared] - last[shared], buffer, at);
    last[shared] = words[shared];
    for (int i = shared + 1; i < order; i++) {
      at = putVarLong(words[i], buffer, at);
      last[i] = words[i];
    }
    size = at;
  }

  /** Writes a value that is not negative at {@code out[at]}; the index after it. */
  private static int putVarLong(long value, byte[] out, int at) {
    int end = at;
    long rest = value;
    while (rest >= 0x80) {
      out[end++] = (byte) (rest | 0x80);
      rest >>>= 7;
    }
    out[end++] = (byte) rest;
    return end;
  }

  /** Room for a payload of up to three floats is kept by {@link #add}. */
  void putFloat(float value) {
    int bits = Float.floatToRawIntBits(value);
    buffer[size] = (byte) bits;
    buffer[size + 1] = (byte) (bits >>> 8);
    buffer[size + 2] = (byte) (bits >>> 16);
    buffer[size + 3] = (byte) (bits >>> 24);
    size += 4;
  }

  /** The block; the writer begins a new one. */
  byte[] finish() {
    byte[] block = Arrays.copyOf(buffer, size);
    reset();
    return block;
  }
}
