package org.wordmill.counter;

import java.util.Arrays;
import org.wordmill.ngram.ContextSums;

/**
 * Sums by word that Kneser-Ney needs of the bigrams: for the word as the second of a bigram, how
 * many words stand before it; for the word as a context, the sums over the words after it. A sparse
 * table of longs by word id, since a partition sees only some words.
 */
final class WordSums {
  /** The number of distinct words before the word: its adjusted count as a unigram. */
  static final int BEFORE = 0;

  /** c(h.): the sum of the adjusted counts of the bigrams that begin with the word. */
  static final int TOTAL = 1;

  /** N1, N2, N3+: how many of those bigrams are kept and have that adjusted count. */
  static final int N1 = 2;

  static final int N3_PLUS = 4;

  /** The sum of the adjusted counts of those bigrams that were pruned. */
  static final int PRUNED = 5;

  /** How many bigrams were pruned. */
  static final int PRUNED_TYPES = 6;

  /** How often the word ends padded N-grams: its count, where the counts are whole. */
  static final int RAW = 7;

  private static final int FIELDS = 8;

  private int[] slots = new int[1 << 10];
  private int[] ids = new int[1 << 8];
  private long[] values = new long[FIELDS << 8];
  private int size;

  void add(int id, int field, long more) {
    int at = indexOf(id) * FIELDS;
    values[at + field] += more;
  }

  /** Adds a bigram with the context {@code id}. */
  void addExtension(int id, long adjusted, boolean kept) {
    int at = indexOf(id) * FIELDS;
    if (adjusted == 0) {
      return;
    }
    values[at + TOTAL] += adjusted;
    if (kept) {
      values[at + N1 + (int) Math.min(adjusted, 3) - 1]++;
    } else {
      values[at + PRUNED] += adjusted;
      values[at + PRUNED_TYPES]++;
    }
  }

  /** A sum, 0 for a word that was never added to. */
  long get(int id, int field) {
    int found = slots[slotOf(id)];
    return found == 0 ? 0 : values[(found - 1) * FIELDS + field];
  }

  /** The sums of a word as a context. */
  ContextSums context(int id) {
    return new ContextSums(
        get(id, TOTAL),
        get(id, N1),
        get(id, N1 + 1),
        get(id, N3_PLUS),
        get(id, PRUNED),
        get(id, PRUNED_TYPES));
  }

  void encode(VarBytes out) {
    out.putLong(size);
    for (int i = 0; i < size; i++) {
      out.putLong(ids[i]);
      for (int field = 0; field < FIELDS; field++) {
        out.putLong(values[i * FIELDS + field]);
      }
    }
  }

  void merge(VarBytes.Reader in) {
    for (int left = in.getInt(); left > 0; left--) {
      int at = indexOf(in.getInt()) * FIELDS;
      for (int field = 0; field < FIELDS; field++) {
        values[at + field] += in.getLong();
      }
    }
  }

  private int indexOf(int id) {
    int slot = slotOf(id);
    if (slots[slot] > 0) {
      return slots[slot] - 1;
    }
    if (size == ids.length) {
      ids = Arrays.copyOf(ids, 2 * size);
      values = Arrays.copyOf(values, 2 * size * FIELDS);
      slots = new int[2 * slots.length];
      for (int i = 0; i < size; i++) {
        slots[slotOf(ids[i])] = i + 1;
      }
      slot = slotOf(id);
    }
    ids[size] = id;
    slots[slot] = ++size;
    return size - 1;
  }

  private int slotOf(int id) {
    int mask = slots.length - 1;
    int slot = (id * 0x9E3779B9 >>> 7) & mask;
    while (slots[slot] > 0 && ids[slots[slot] - 1] != id) {
      slot = slot + 1 & mask;
    }
    return slot;
  }
}
