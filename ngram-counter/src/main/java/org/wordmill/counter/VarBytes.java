package org.wordmill.counter;

import java.util.Arrays;

/** A growing array of bytes that numbers are written to as varints, 7 bits a byte, low first. */
final class VarBytes {
  private byte[] bytes;
  private int size;

  VarBytes(int capacity) {
    bytes = new byte[Math.max(16, capacity)];
  }

  void putLong(long value) {
    reserve(10);
    long rest = value;
    while ((rest & ~0x7FL) != 0) {
      bytes[size++] = (byte) (rest | 0x80);
      rest >>>= 7;
    }
    bytes[size++] = (byte) rest;
  }

  void putByte(int value) {
    reserve(1);
    bytes[size++] = (byte) value;
  }

  void putBytes(byte[] source, int from, int length) {
    reserve(length);
    System.arraycopy(source, from, bytes, size, length);
    size += length;
  }

  private void reserve(int more) {
    if (bytes.length - size < more) {
      long wanted = Math.max(size + (long) more, bytes.length * 2L);
      bytes = Arrays.copyOf(bytes, (int) Math.min(wanted, Integer.MAX_VALUE - 16));
    }
  }

  int size() {
    return size;
  }

  /** The bytes so far; this begins anew. */
  byte[] take() {
    byte[] result = Arrays.copyOf(bytes, size);
    size = 0;
    return result;
  }

  /** Reads what {@link VarBytes} wrote. */
  static final class Reader {
    private final byte[] bytes;
    private int at;

    Reader(byte[] bytes, int from) {
      this.bytes = bytes;
      this.at = from;
    }

    boolean hasMore() {
      return at < bytes.length;
    }

    long getLong() {
      long value = 0;
      int shift = 0;
      while (true) {
        long next = bytes[at++];
        value |= (next & 0x7F) << shift;
        if (next >= 0) {
          return value;
        }
        shift += 7;
      }
    }

    int getInt() {
      return (int) getLong();
    }

    /** The index of the next byte, and moves {@code length} bytes on. */
    int skip(int length) {
      int from = at;
      at += length;
      return from;
    }
  }
}
