package org.wordmill.counter;

import java.util.Arrays;
import org.wordmill.error.ExitCode;
import org.wordmill.error.WordmillException;

/**
 * The n-grams of one order in one partition, as records of longs in one array: the packed key, then
 * payload longs. Grows by half, up to the length of a Java array.
 */
final class GramTable {
  private static final int MAX_LONGS = Integer.MAX_VALUE - 16;

  private final Packing packing;
  private final int order;
  private final int keyLongs;
  private final int stride;
  private long[] records;
  private int count;

  GramTable(Packing packing, int order, int payloadLongs) {
    this.packing = packing;
    this.order = order;
    this.keyLongs = packing.longs(order);
    this.stride = keyLongs + payloadLongs;
    this.records = new long[256 * stride];
  }

  /** The index in {@link #records} of a new record, whose contents are undefined. */
  int append() {
    int at = count * stride;
    if (records.length - at < stride) {
      long length = Math.min(MAX_LONGS, records.length * 3L / 2);
      if (length - at < stride) {
        throw new WordmillException(
            ExitCode.USAGE,
            "a partition holds more than " + count + " " + order + "-grams",
            "",
            "raise the number of partitions");
      }
      records = Arrays.copyOf(records, (int) length);
    }
    count++;
    return at;
  }

  /** Sorts the records by their keys. */
  void sort() {
    sortEach(this);
  }

  /** Sorts each table, all with the same memory beside their own. */
  static void sortEach(GramTable... tables) {
    int longs = 0;
    for (GramTable table : tables) {
      longs = Math.max(longs, RecordSorter.otherLongs(table.count, table.stride));
    }
    long[] other = new long[longs];
    for (GramTable table : tables) {
      new RecordSorter(table.packing, table.order, table.stride)
          .sort(table.records, other, table.count);
    }
  }

  /** Makes one record of those with equal keys, which are sorted; their first payload adds up. */
  void addUpEqual() {
    int to = 0;
    for (int from = 0; from < count; from++) {
      int at = from * stride;
      int last = (to - 1) * stride;
      if (to > 0 && packing.samePrefix(records, last, records, at, order)) {
        records[last + keyLongs] += records[at + keyLongs];
      } else {
        System.arraycopy(records, at, records, to * stride, stride);
        to++;
      }
    }
    count = to;
  }

  void clear() {
    count = 0;
  }

  long[] records() {
    return records;
  }

  int count() {
    return count;
  }

  int stride() {
    return stride;
  }

  int keyLongs() {
    return keyLongs;
  }

  int order() {
    return order;
  }
}
