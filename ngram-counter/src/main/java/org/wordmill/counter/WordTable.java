package org.wordmill.counter;

import java.io.Serializable;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.wordmill.error.ExitCode;
import org.wordmill.error.WordmillException;

/**
 * Words as bytes in one array, with an id and a count each, found by an open-addressing hash table
 * with linear probing. Ids are given in the order of first appearance. Holds up to 2 GiB of word
 * bytes; costs about 28 bytes a word beside them.
 */
final class WordTable implements Serializable {
  private static final long serialVersionUID = 1L;

  /** The id that {@link #find} returns for a word that is not there. */
  static final int ABSENT = -1;

  private static final int MAX_BYTES = Integer.MAX_VALUE - 16;

  private static final VarHandle LONGS =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

  private byte[] arena;
  private int[] ends;
  private long[] counts;
  private int[] slots;
  private int size;

  /** Made on demand in each JVM, and not serialized. */
  private transient byte @Nullable [][] arrays;

  WordTable(int expectedWords) {
    int capacity = Math.max(16, expectedWords);
    arena = new byte[8 * capacity];
    ends = new int[capacity];
    counts = new long[capacity];
    slots = new int[Integer.highestOneBit(capacity) * 4];
  }

  int size() {
    return size;
  }

  /** The id of a word, which is added with a count of 0 when it is new. */
  int add(byte[] bytes, int from, int to) {
    int slot = slotOf(bytes, from, to);
    int id = slots[slot] - 1;
    if (id >= 0) {
      return id;
    }
    if (size == ends.length) {
      grow();
      slot = slotOf(bytes, from, to);
    }
    int length = to - from;
    int start = start(size);
    if (arena.length - start < length) {
      if (start > MAX_BYTES - length) {
        throw new WordmillException(
            ExitCode.BAD_INPUT,
            "the distinct words take more than " + MAX_BYTES + " bytes",
            size + " words so far",
            "check that the text is split into words; the vocabulary must fit one machine");
      }
      long wanted = Math.max(arena.length * 2L, start + (long) length);
      arena = Arrays.copyOf(arena, (int) Math.min(MAX_BYTES, wanted));
    }
    System.arraycopy(bytes, from, arena, start, length);
    ends[size] = start + length;
    slots[slot] = ++size;
    return size - 1;
  }

  /** The id of a word or {@link #ABSENT}. */
  int find(byte[] bytes, int from, int to) {
    return slots[slotOf(bytes, from, to)] - 1;
  }

  void count(int id, long more) {
    counts[id] += more;
  }

  long countOf(int id) {
    return counts[id];
  }

  /** The array that holds the words' bytes at [{@link #start}, {@link #end}). */
  byte[] bytes() {
    return arena;
  }

  int start(int id) {
    return id == 0 ? 0 : ends[id - 1];
  }

  int end(int id) {
    return ends[id];
  }

  /** Compares the bytes of two words, unsigned. */
  int compare(int a, int b) {
    return Arrays.compareUnsigned(arena, start(a), end(a), arena, start(b), end(b));
  }

  /** The words as one array each, by id; only for a table that is complete. */
  synchronized byte[][] toArrays() {
    byte[][] all = arrays;
    if (all == null) {
      all = new byte[size][];
      for (int id = 0; id < size; id++) {
        all[id] = Arrays.copyOfRange(arena, start(id), end(id));
      }
      arrays = all;
    }
    return all;
  }

  String word(int id) {
    return new String(arena, start(id), end(id) - start(id), StandardCharsets.UTF_8);
  }

  private void grow() {
    int capacity = ends.length * 2;
    ends = Arrays.copyOf(ends, capacity);
    counts = Arrays.copyOf(counts, capacity);
    slots = new int[slots.length * 2];
    for (int id = 0; id < size; id++) {
      slots[slotOf(arena, start(id), end(id))] = id + 1;
    }
  }

  /** The slot that holds a word, or the free one where it belongs. */
  private int slotOf(byte[] bytes, int from, int to) {
    int mask = slots.length - 1;
    int slot = hash(bytes, from, to) & mask;
    while (true) {
      int id = slots[slot] - 1;
      if (id < 0 || Arrays.equals(arena, start(id), ends[id], bytes, from, to)) {
        return slot;
      }
      slot = slot + 1 & mask;
    }
  }

  /** A hash of bytes, the same on every machine. */
  static int hash(byte[] bytes, int from, int to) {
    long hash = (to - from) * 0x9E3779B97F4A7C15L;
    int at = from;
    for (; at + 8 <= to; at += 8) {
      hash = mix(hash ^ (long) LONGS.get(bytes, at));
    }
    long tail = 0;
    for (int i = to - 1; i >= at; i--) {
      tail = tail << 8 | bytes[i] & 0xFF;
    }
    hash = mix(hash ^ tail);
    return (int) (hash ^ hash >>> 32);
  }

  private static long mix(long value) {
    long mixed = value * 0xD6E8FEB86659FD93L;
    return mixed ^ mixed >>> 32;
  }
}
