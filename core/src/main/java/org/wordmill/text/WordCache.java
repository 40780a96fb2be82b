package org.wordmill.text;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The ids of pieces of text that were met lately: a two-way set-associative cache of at most
 * {@value #ENTRIES} pieces of at most {@value #LONGEST} bytes, some 10 MiB when full.
 *
 * <p>Threads share it without locks: an entry never changes, and a lost update only means that a
 * piece is encoded once more.
 */
final class WordCache {
  static final int LONGEST = 64;
  private static final int ENTRIES = 1 << 16;
  private static final VarHandle LONG =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

  private final @Nullable Entry[] entries = new @Nullable Entry[ENTRIES];

  private static final class Entry {
    final long head;
    final byte[] word;
    final int[] ids;

    Entry(long head, byte[] word, int[] ids) {
      this.head = head;
      this.word = word;
      this.ids = ids;
    }

    boolean is(long otherHead, byte[] text, int from, int to) {
      return head == otherHead
          && word.length == to - from
          && (word.length <= Long.BYTES || Arrays.equals(word, 0, word.length, text, from, to));
    }
  }

  /** The ids of a piece, not to be changed, or null. */
  int @Nullable [] find(byte[] text, int from, int to) {
    long head = head(text, from, to);
    int slot = slot(head, text, from, to);
    Entry first = entries[slot];
    if (first != null && first.is(head, text, from, to)) {
      return first.ids;
    }
    Entry second = entries[slot ^ 1];
    return second != null && second.is(head, text, from, to) ? second.ids : null;
  }

  /** Keeps the ids of a piece, in the place of the older one of its set. */
  void put(byte[] text, int from, int to, int[] ids) {
    long head = head(text, from, to);
    int slot = slot(head, text, from, to);
    entries[slot ^ 1] = entries[slot];
    entries[slot] = new Entry(head, Arrays.copyOfRange(text, from, to), ids);
  }

  /** The first eight bytes, with zeros after a shorter piece. */
  private static long head(byte[] text, int from, int to) {
    int length = Math.min(Long.BYTES, to - from);
    if (from + Long.BYTES <= text.length) {
      return (long) LONG.get(text, from) & -1L >>> Long.SIZE - Byte.SIZE * length;
    }
    long head = 0;
    for (int i = length - 1; i >= 0; i--) {
      head = head << Byte.SIZE | text[from + i] & 0xFF;
    }
    return head;
  }

  private static int slot(long head, byte[] text, int from, int to) {
    long hash = mix(head ^ to - from);
    for (int p = from + Long.BYTES; p < to; p += Long.BYTES) {
      hash = mix(hash ^ head(text, p, to));
    }
    return (int) (hash >>> Long.SIZE - 17) & ENTRIES - 1;
  }

  private static long mix(long value) {
    long mixed = value * 0x9E3779B97F4A7C15L;
    return mixed ^ mixed >>> Integer.SIZE;
  }
}
