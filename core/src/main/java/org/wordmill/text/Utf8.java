package org.wordmill.text;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * Well-formed UTF-8 (Unicode 15, table 3-7: no overlong forms, no surrogates, nothing above
 * U+10FFFF), checked byte by byte, with eight ASCII bytes at a time on the fast path.
 */
final class Utf8 {
  private static final VarHandle LONG =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
  private static final long HIGH_BITS = 0x8080808080808080L;

  private Utf8() {}

  /** The index of the first byte in [from, to) that begins a malformed part, or {@code to}. */
  static int firstMalformed(byte[] text, int from, int to) {
    int p = from;
    while (p < to) {
      while (p + Long.BYTES <= to && ((long) LONG.get(text, p) & HIGH_BITS) == 0) {
        p += Long.BYTES;
      }
      while (p < to && text[p] >= 0) {
        p++;
      }
      while (p < to && text[p] < 0) {
        int length = sequence(text, p, to);
        if (length < 0) {
          return p;
        }
        p += length;
      }
    }
    return to;
  }

  /**
   * The length of the sequence that begins with the non-ASCII byte at {@code p}; when it is
   * malformed, minus the length of its maximal part that could have begun a well-formed one (at
   * least 1), which is what one U+FFFD stands for.
   */
  static int sequence(byte[] text, int p, int to) {
    int lead = text[p] & 0xFF;
    int length;
    int low = 0x80;
    int high = 0xBF;
    if (lead >= 0xC2 && lead <= 0xDF) {
      length = 2;
    } else if (lead >= 0xE0 && lead <= 0xEF) {
      length = 3;
      low = lead == 0xE0 ? 0xA0 : low;
      high = lead == 0xED ? 0x9F : high;
    } else if (lead >= 0xF0 && lead <= 0xF4) {
      length = 4;
      low = lead == 0xF0 ? 0x90 : low;
      high = lead == 0xF4 ? 0x8F : high;
    } else {
      return -1;
    }
    for (int i = 1; i < length; i++) {
      int next = p + i < to ? text[p + i] & 0xFF : 0;
      if (next < low || next > high) {
        return -i;
      }
      low = 0x80;
      high = 0xBF;
    }
    return length;
  }
}
