package org.wordmill.format.ngramtable;

/**
 * A part of the file.
 *
 * @param id what it holds: {@link #WORD_ENDS}, ..., {@link #CODES} for the whole table or an order
 * @param offset of its first byte
 * @param length in bytes
 * @param checksum CRC-32C of these bytes
 */
record Section(int id, long offset, long length, int checksum) {
  /** V ints: where each word ends in {@link #WORD_BYTES}. */
  static final int WORD_ENDS = 1 << 8;

  /** The words' UTF-8 bytes, one after the other. */
  static final int WORD_BYTES = 2 << 8;

  /** A hash table of longs, (id + 1) &lt;&lt; 32 | hash, 0 where free. */
  static final int WORD_SLOTS = 3 << 8;

  /** {@code ENTRIES + k}: the n-grams of order k. */
  static final int ENTRIES = 4 << 8;

  /** {@code LOW + k}: of order k in the compact layout, low bits of where successors begin. */
  static final int LOW = 5 << 8;

  /** {@code HIGH + k}: the high bits of the same, in unary. */
  static final int HIGH = 6 << 8;

  /** {@code SAMPLES + k}: where some of these unary numbers end. */
  static final int SAMPLES = 7 << 8;

  /** {@code CODES + k}: the values that 8-bit codes stand for. */
  static final int CODES = 8 << 8;
}
