package org.wordmill.text;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * The ids of the words that one thread has met lately, in front of {@link Words} that take longer
 * to ask: a direct-mapped cache of {@value #ENTRIES} words of at most {@value #LONGEST} bytes,
 * small enough to stay near the processor. Text repeats few words often, so most look-ups end here.
 *
 * <p>A word is kept as two numbers, its first and its next eight bytes with zeros behind. No word
 * has a zero byte, which is white space, so two words have different numbers.
 */
public final class RecentWords {
  private static final int LONGEST = 16;
  private static final int ENTRY_BITS = 13;
  private static final int ENTRIES = 1 << ENTRY_BITS;
  private static final VarHandle LONG =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

  private final Words words;
  private final long[] bytes = new long[2 * ENTRIES];
  private final int[] ids = new int[ENTRIES];

  /**
   * @param words that do not change
   */
  public RecentWords(Words words) {
    this.words = words;
  }

  /**
   * The id of the word {@code text[from..to)}, or {@link Vocabulary#NONE}.
   *
   * @param text whose word has no zero byte, and at least one byte
   */
  public int find(byte[] text, int from, int to) {
    if (to - from > LONGEST) {
      return words.find(text, from, to);
    }
    long head = eight(text, from, to);
    long tail = to - from <= Long.BYTES ? 0 : eight(text, from + Long.BYTES, to);
    long hash = (head ^ tail * 0xD6E8FEB86659FD93L) * 0x9E3779B97F4A7C15L;
    int slot = (int) ((hash ^ hash << 29) >>> Long.SIZE - ENTRY_BITS);
    if (bytes[2 * slot] != head || bytes[2 * slot + 1] != tail) {
      ids[slot] = words.find(text, from, to);
      bytes[2 * slot] = head;
      bytes[2 * slot + 1] = tail;
    }
    return ids[slot];
  }

  /** Up to eight bytes from {@code from} on, with zeros where the word has ended. */
  private static long eight(byte[] text, int from, int to) {
    int length = Math.min(Long.BYTES, to - from);
    if (from + Long.BYTES <= text.length) {
      return (long) LONG.get(text, from) & -1L >>> Long.SIZE - Byte.SIZE * length;
    }
    long eight = 0;
    for (int i = length - 1; i >= 0; i--) {
      eight = eight << Byte.SIZE | text[from + i] & 0xFF;
    }
    return eight;
  }
}
