package org.wordmill.format.kenlm;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/** The hash of words, MurmurHash64A (Appleby 2008) with seed 0. */
final class Murmur {
  private static final VarHandle LONGS =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
  private static final long FACTOR = 0xC6A4A7935BD1E995L;
  private static final int SHIFT = 47;

  private Murmur() {}

  /** The hash of {@code bytes[from..to)}. */
  static long hash(byte[] bytes, int from, int to) {
    long hash = (to - from) * FACTOR;
    int at = from;
    for (; at + 8 <= to; at += 8) {
      long word = (long) LONGS.get(bytes, at) * FACTOR;
      word ^= word >>> SHIFT;
      hash = (hash ^ word * FACTOR) * FACTOR;
    }
    if (at < to) {
      long rest = 0;
      for (int i = to - 1; i >= at; i--) {
        rest = rest << 8 | bytes[i] & 0xFF;
      }
      hash = (hash ^ rest) * FACTOR;
    }
    hash ^= hash >>> SHIFT;
    hash *= FACTOR;
    return hash ^ hash >>> SHIFT;
  }
}
