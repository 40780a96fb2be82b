package org.wordmill.format.ngramtable;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.wordmill.error.WordmillException;
import org.wordmill.format.mapped.MappedBytes;
import org.wordmill.text.Vocabulary;
import org.wordmill.text.WordIds;
import org.wordmill.text.Words;

/** The words of a table, found by a hash table in the file, with linear probing. */
final class TableWords implements Words {
  private final MappedBytes ends;
  private final MappedBytes bytes;
  private final MappedBytes slots;
  private final int size;
  private final long slotCount;
  private final String file;

  /**
   * @param size V
   * @param slotCount above V, so that a search for a word that is not there ends
   */
  TableWords(
      MappedBytes ends,
      MappedBytes bytes,
      MappedBytes slots,
      int size,
      long slotCount,
      String file) {
    this.file = file;
    this.ends = ends;
    this.bytes = bytes;
    this.slots = slots;
    this.size = size;
    this.slotCount = slotCount;
  }

  static void write(WordIds words, TableFile file) throws IOException {
    int size = words.size();
    MappedBytes ends = file.allocate(Section.WORD_ENDS, 4L * size);
    long length = 0;
    for (int id = 0; id < size; id++) {
      length += words.bytes(id).length;
    }
    MappedBytes bytes = file.allocate(Section.WORD_BYTES, length);
    long slotCount = size + size / 3L + 1;
    MappedBytes slots = file.allocate(Section.WORD_SLOTS, 8 * slotCount);
    int end = 0;
    for (int id = 0; id < size; id++) {
      byte[] word = words.bytes(id);
      bytes.putBytes(end, word);
      end += word.length;
      ends.putInt(4L * id, end);
      int hash = hash(word, 0, word.length);
      long slot = slot(hash, slotCount);
      while (slots.getLong(8 * slot) != 0) {
        slot = slot + 1 == slotCount ? 0 : slot + 1;
      }
      slots.putLong(8 * slot, (id + 1L) << 32 | hash & 0xFFFFFFFFL);
    }
  }

  @Override
  public int size() {
    return size;
  }

  @Override
  public int find(byte[] text, int from, int to) {
    try {
      return search(text, from, to);
    } catch (IndexOutOfBoundsException e) {
      throw outside();
    }
  }

  private WordmillException outside() {
    return TableHeader.corrupt(
        "the table's words point outside themselves", file, TableHeader.LENGTH);
  }

  private int search(byte[] text, int from, int to) {
    int hash = hash(text, from, to);
    long slot = slot(hash, slotCount);
    for (long probes = 0; probes < slotCount; probes++) {
      long value = slots.getLong(8 * slot);
      if (value == 0) {
        return Vocabulary.NONE;
      }
      if ((int) value == hash) {
        int id = (int) (value >>> 32) - 1;
        if (isWord(id, text, from, to)) {
          return id;
        }
      }
      slot = slot + 1 == slotCount ? 0 : slot + 1;
    }
    return Vocabulary.NONE;
  }

  private boolean isWord(int id, byte[] text, int from, int to) {
    int start = start(id);
    if (ends.getInt(4L * id) - start != to - from) {
      return false;
    }
    for (int i = 0; i < to - from; i++) {
      if (bytes.getByte((long) start + i) != text[from + i]) {
        return false;
      }
    }
    return true;
  }

  private int start(int id) {
    return id == 0 ? 0 : ends.getInt(4L * (id - 1));
  }

  @Override
  public int find(String word) {
    byte[] text = word.getBytes(StandardCharsets.UTF_8);
    return find(text, 0, text.length);
  }

  @Override
  public String word(int id) {
    return new String(bytes(id), StandardCharsets.UTF_8);
  }

  byte[] bytes(int id) {
    int start = start(id);
    int end = ends.getInt(4L * id);
    if (start < 0 || end < start || end > bytes.length()) {
      throw outside();
    }
    byte[] word = new byte[end - start];
    bytes.getBytes(start, word);
    return word;
  }

  private static long slot(int hash, long slotCount) {
    return (hash & 0xFFFFFFFFL) * slotCount >>> 32;
  }

  private static int hash(byte[] text, int from, int to) {
    long hash = to - from;
    for (int i = from; i < to; i++) {
      hash = (hash ^ text[i]) * 0x9E3779B97F4A7C15L;
      hash ^= hash >>> 32;
    }
    return (int) (hash * 0xD6E8FEB86659FD93L >>> 32);
  }
}
