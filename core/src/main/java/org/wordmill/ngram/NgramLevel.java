package org.wordmill.ngram;

import java.util.Arrays;

/**
 * The n-grams of one order k &gt;= 2, numbered 0, 1, 2, ... as they come: each is a pair of 32-bit
 * numbers, (number of its first k-1 words in order k-1, id of its last word), so that equality is
 * exact whatever the order.
 *
 * <p>A hash table with open addressing and linear probing finds the number of a pair; at most 5/8
 * of 2^30 n-grams; 8 bytes an n-gram and 4 bytes a slot, with at most 5 of 8 slots full. Once
 * filled, it is safe for use by many threads.
 */
final class NgramLevel {
  static final int NONE = -1;

  private static final int MAX_SIZE = (1 << 30) / 8 * 5;

  private long[] keys;
  private int[] slots;
  private int mask;
  private int size;

  /**
   * @param expected how many n-grams will come; more is no error
   */
  NgramLevel(int expected) {
    int capacity = Math.max(16, expected);
    keys = new long[capacity];
    allocateSlots(capacity);
  }

  int size() {
    return size;
  }

  /** The number, in order k-1, of the first k-1 words. */
  int prefix(int index) {
    return (int) (keys[index] >>> 32);
  }

  /** The id of the last word. */
  int word(int index) {
    return (int) keys[index];
  }

  /** The number of an n-gram or {@link #NONE}. */
  int find(int prefix, int word) {
    long key = key(prefix, word);
    int[] table = slots;
    int slot = hash(key) & mask;
    while (table[slot] != 0) {
      int index = table[slot] - 1;
      if (keys[index] == key) {
        return index;
      }
      slot = (slot + 1) & mask;
    }
    return NONE;
  }

  /** The number of an n-gram, which is added when it is not there. */
  int add(int prefix, int word) {
    long key = key(prefix, word);
    int slot = hash(key) & mask;
    while (slots[slot] != 0) {
      int index = slots[slot] - 1;
      if (keys[index] == key) {
        return index;
      }
      slot = (slot + 1) & mask;
    }
    if (size == keys.length) {
      if (size == MAX_SIZE) {
        throw new IllegalStateException("more than " + MAX_SIZE + " n-grams of one order");
      }
      grow();
      return add(prefix, word);
    }
    keys[size] = key;
    slots[slot] = ++size;
    return size - 1;
  }

  /**
   * The n-grams by their prefix.
   *
   * @param prefixes how many n-grams order k-1 has
   */
  NgramChildren children(int prefixes) {
    int[] offsets = new int[prefixes + 1];
    for (int i = 0; i < size; i++) {
      offsets[prefix(i) + 1]++;
    }
    for (int i = 0; i < prefixes; i++) {
      offsets[i + 1] += offsets[i];
    }
    int[] entries = new int[size];
    int[] next = Arrays.copyOf(offsets, prefixes);
    for (int i = 0; i < size; i++) {
      entries[next[prefix(i)]++] = i;
    }
    return new NgramChildren(offsets, entries);
  }

  private void grow() {
    keys = Arrays.copyOf(keys, Math.min(2 * keys.length, MAX_SIZE));
    if (slots.length * 5L < keys.length * 8L) {
      allocateSlots(keys.length);
      for (int i = 0; i < size; i++) {
        int slot = hash(keys[i]) & mask;
        while (slots[slot] != 0) {
          slot = (slot + 1) & mask;
        }
        slots[slot] = i + 1;
      }
    }
  }

  private void allocateSlots(int capacity) {
    long wanted = Long.highestOneBit(Math.max(1, capacity * 8L / 5 - 1)) << 1;
    slots = new int[Math.toIntExact(Math.min(wanted, 1L << 30))];
    mask = slots.length - 1;
  }

  private static long key(int prefix, int word) {
    return (long) prefix << 32 | word;
  }

  private static int hash(long key) {
    // Twice, because neighbouring prefixes differ only in the upper half of the key.
    long mixed = key * 0x9E3779B97F4A7C15L;
    mixed = (mixed ^ mixed >>> 32) * 0xD6E8FEB86659FD93L;
    return (int) (mixed >>> 32);
  }
}
