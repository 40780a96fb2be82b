package org.wordmill.format.ngramtable;

import org.wordmill.format.mapped.MappedBytes;

/**
 * The layout for speed: the successors of each context are a hash table of their own, with linear
 * probing, so that a look-up costs one miss of the cache, and walking through the successors is
 * walking through the table.
 *
 * <p>Up to {@value #FULL} successors fill their table; more leave a third of it free. Word ids are
 * compared, not hashes, so every look-up is exact.
 */
final class ProbingLevels implements Levels {
  private static final int FULL = 4;
  private static final int GOLDEN = 0x9E3779B9;
  private static final int UNIGRAM = 16;
  private static final int MIDDLE = 20;
  private static final int HIGHEST = 8;

  private final MappedBytes[] orders;

  /**
   * @param orders the entries of order k at k-1; while a table is built, those that are there
   */
  ProbingLevels(MappedBytes[] orders) {
    this.orders = orders;
  }

  /** How many bytes an entry has. */
  static int stride(int order, int highest) {
    return order == 1 ? UNIGRAM : order == highest ? HIGHEST : MIDDLE;
  }

  /** How many slots so many successors have. */
  static long slots(long successors) {
    return successors <= FULL ? successors : successors + successors / 2;
  }

  private long at(int order, long entry) {
    return entry * stride(order, orders.length);
  }

  /** The first slot of a word among so many. */
  private static int slot(int word, int size) {
    return (int) ((word * GOLDEN & 0xFFFFFFFFL) * size >>> 32);
  }

  @Override
  public long find(int order, long range, int word) {
    MappedBytes entries = orders[order - 1];
    int stride = order == orders.length ? HIGHEST : MIDDLE;
    int size = Ranges.size(range);
    long begin = Ranges.begin(range);
    int slot = slot(word, size);
    for (int probes = 0; probes < size; probes++) {
      int found = entries.getInt((begin + slot) * stride) - 1;
      if (found == word) {
        return begin + slot;
      }
      if (found < 0) {
        return NONE;
      }
      slot = slot + 1 == size ? 0 : slot + 1;
    }
    return NONE;
  }

  @Override
  public void find(int order, Lookups lookups) {
    readFirst(order, lookups);
    int open = 0;
    for (int i = 0; i < lookups.count(); i++) {
      lookups.open[open] = i;
      open += lookups.found[i] == lookups.words[i] + 1 ? 0 : 1;
    }
    for (int j = 0; j < open; j++) {
      int i = lookups.open[j];
      lookups.entries[i] =
          lookups.found[i] == 0 ? NONE : find(order, lookups.ranges[i], lookups.words[i]);
    }
  }

  /**
   * Reads where each look-up begins, so that all of it is in the cache afterwards: the entry, and a
   * word and 1, or 0 where there is no entry.
   */
  void readFirst(int order, Lookups lookups) {
    MappedBytes entries = orders[order - 1];
    int stride = stride(order, orders.length);
    int count = lookups.count();
    for (int i = 0; i < count; i++) {
      long range = lookups.ranges[i];
      long entry = Ranges.begin(range) + slot(lookups.words[i], Ranges.size(range));
      lookups.entries[i] = entry;
      lookups.offsets[i] = entry * stride;
    }
    if (stride > HIGHEST) {
      // Such an entry may end in another line of the cache.
      entries.getInts(lookups.offsets, stride - Integer.BYTES, count, lookups.found);
    }
    entries.getInts(lookups.offsets, 0, count, lookups.found);
  }

  /**
   * Puts an entry among the successors of its context.
   *
   * @return false if it is there already
   */
  boolean insert(int order, long range, int word, float probability, float backoff) {
    MappedBytes entries = orders[order - 1];
    int stride = stride(order, orders.length);
    int size = Ranges.size(range);
    int slot = slot(word, size);
    while (true) {
      long at = (Ranges.begin(range) + slot) * stride;
      int found = entries.getInt(at) - 1;
      if (found == word) {
        return false;
      }
      if (found < 0) {
        entries.putInt(at, word + 1);
        entries.putFloat(at + 4, probability);
        if (order < orders.length) {
          entries.putFloat(at + 8, backoff);
        }
        return true;
      }
      slot = slot + 1 == size ? 0 : slot + 1;
    }
  }

  @Override
  public int word(int order, long entry) {
    return orders[order - 1].getInt(at(order, entry)) - 1;
  }

  @Override
  public float probability(int order, long entry) {
    return orders[order - 1].getFloat(at(order, entry) + (order == 1 ? 0 : 4));
  }

  @Override
  public float backoff(int order, long entry) {
    return orders[order - 1].getFloat(at(order, entry) + (order == 1 ? 4 : 8));
  }

  @Override
  public long successors(int order, long entry) {
    return orders[order - 1].getLong(at(order, entry) + (order == 1 ? 8 : 12));
  }

  void putSuccessors(int order, long entry, long value) {
    orders[order - 1].putLong(at(order, entry) + (order == 1 ? 8 : 12), value);
  }

  void putUnigram(int word, float probability, float backoff) {
    orders[0].putFloat(at(1, word), probability);
    orders[0].putFloat(at(1, word) + 4, backoff);
  }
}
