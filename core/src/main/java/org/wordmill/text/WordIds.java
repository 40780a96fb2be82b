package org.wordmill.text;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * A growing bijection between words, as UTF-8 bytes, and ids 0, 1, 2, ... in the order of adding;
 * looking a word up makes no string. The bytes of all words together are at most 2^31 - 9.
 *
 * <p>Reading is safe for many threads once no thread adds any more.
 */
public final class WordIds implements Words {
  private static final int MAX_ARRAY = Integer.MAX_VALUE - 8;

  private byte[] arena = new byte[1 << 12];
  private int[] ends = new int[1 << 8];
  private int[] slots = new int[1 << 9];
  private int size;

  /** The words of a vocabulary with their ids. */
  public static WordIds of(Vocabulary vocabulary) {
    WordIds ids = new WordIds();
    for (int id = 0; id < vocabulary.size(); id++) {
      ids.add(vocabulary.token(id));
    }
    return ids;
  }

  @Override
  public int size() {
    return size;
  }

  @Override
  public int find(byte[] text, int from, int to) {
    int slot = slot(text, from, to);
    return slots[slot] - 1;
  }

  @Override
  public int find(String word) {
    byte[] bytes = word.getBytes(StandardCharsets.UTF_8);
    return find(bytes, 0, bytes.length);
  }

  /** The id of the word {@code text[from..to)}, which is added when it is not there. */
  public int add(byte[] text, int from, int to) {
    int slot = slot(text, from, to);
    if (slots[slot] != 0) {
      return slots[slot] - 1;
    }
    int start = size == 0 ? 0 : ends[size - 1];
    int end = Math.addExact(start, to - from);
    if (end > arena.length) {
      arena = Arrays.copyOf(arena, (int) Math.min(Math.max(2L * arena.length, end), MAX_ARRAY));
    }
    if (size == ends.length) {
      ends = Arrays.copyOf(ends, 2 * size);
    }
    System.arraycopy(text, from, arena, start, to - from);
    ends[size++] = end;
    slots[slot] = size;
    if (2 * size > slots.length) {
      rehash();
    }
    return size - 1;
  }

  public int add(String word) {
    byte[] bytes = word.getBytes(StandardCharsets.UTF_8);
    return add(bytes, 0, bytes.length);
  }

  @Override
  public String word(int id) {
    int start = id == 0 ? 0 : ends[id - 1];
    return new String(arena, start, ends[id] - start, StandardCharsets.UTF_8);
  }

  /** The UTF-8 bytes of a word, copied. */
  public byte[] bytes(int id) {
    return Arrays.copyOfRange(arena, id == 0 ? 0 : ends[id - 1], ends[id]);
  }

  public Vocabulary vocabulary() {
    List<String> tokens = new ArrayList<>(size);
    for (int id = 0; id < size; id++) {
      tokens.add(word(id));
    }
    return new Vocabulary(tokens);
  }

  /** The slot of the word, or the free slot where it belongs. */
  private int slot(byte[] text, int from, int to) {
    int mask = slots.length - 1;
    int slot = hash(text, from, to) & mask;
    while (slots[slot] != 0) {
      int id = slots[slot] - 1;
      if (Arrays.equals(arena, id == 0 ? 0 : ends[id - 1], ends[id], text, from, to)) {
        return slot;
      }
      slot = (slot + 1) & mask;
    }
    return slot;
  }

  private void rehash() {
    slots = new int[2 * slots.length];
    int mask = slots.length - 1;
    for (int id = 0; id < size; id++) {
      int slot = hash(arena, id == 0 ? 0 : ends[id - 1], ends[id]) & mask;
      while (slots[slot] != 0) {
        slot = (slot + 1) & mask;
      }
      slots[slot] = id + 1;
    }
  }

  private static int hash(byte[] text, int from, int to) {
    long hash = to - from;
    for (int i = from; i < to; i++) {
      hash = (hash ^ text[i]) * 0x9E3779B97F4A7C15L;
      hash ^= hash >>> 32;
    }
    return (int) hash;
  }
}
