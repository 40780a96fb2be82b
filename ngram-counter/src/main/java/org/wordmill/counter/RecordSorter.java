package org.wordmill.counter;

import java.util.Arrays;

/**
 * Sorts records of longs by a packed n-gram key with most-significant-digit radix sort, and
 * insertion sort for small ranges. A record is {@code stride} consecutive longs that begin with the
 * key. Not stable; needs as much memory again as the records, for the time of the sort.
 *
 * <p>Ids fall with frequency, so a range of n-grams has few different words in front, and most bits
 * of a fixed digit would say nothing. Here a digit begins at the highest bit in which the records
 * of a range differ, and is as wide as the range is large. Each level moves the records to the
 * other of two arrays, where no move waits for the one before.
 */
final class RecordSorter {
  private static final int SMALL = 20;
  private static final int MIN_BITS = 3;
  private static final int MAX_BITS = 11;

  /** Records that a bucket holds on average: two to the power of this. */
  private static final int BUCKET_BITS = 2;

  /** Every level takes three bits at least of a key of four longs at most. */
  private static final int LEVELS = 64 * 4;

  private final int stride;
  private final int keyLongs;
  private final int[][] ends = new int[LEVELS][];

  /**
   * @param order words of the key
   * @param stride longs of a record, at least the key's
   */
  RecordSorter(Packing packing, int order, int stride) {
    this.stride = stride;
    this.keyLongs = packing.longs(order);
  }

  /** Sorts the first {@code count} records. */
  void sort(long[] array, int count) {
    if (count > SMALL) {
      sort(array, new long[count * stride], 0, count, 0, 0, true);
    } else {
      insertionSort(array, 0, count * stride, 0);
    }
  }

  /**
   * Sorts a range of records whose keys agree before {@code slot}.
   *
   * @param from holds the records
   * @param other is written over in the range
   * @param stay whether the result is to stand in {@code from}, else in {@code other}
   */
  private void sort(
      long[] from, long[] other, int begin, int end, int slot, int level, boolean stay) {
    int count = end - begin;
    if (count <= SMALL) {
      if (stay) {
        insertionSort(from, begin * stride, end * stride, slot);
      } else {
        insertInto(other, from, begin * stride, end * stride, slot);
      }
      return;
    }
    int at = slot;
    long different = differentBits(from, begin, end, at);
    while (different == 0 && ++at < keyLongs) {
      different = differentBits(from, begin, end, at);
    }
    if (different == 0) {
      if (!stay) {
        System.arraycopy(from, begin * stride, other, begin * stride, count * stride);
      }
      return;
    }
    int high = 64 - Long.numberOfLeadingZeros(different);
    int wanted = 32 - Integer.numberOfLeadingZeros(count) - BUCKET_BITS;
    int bits = Math.min(high, Math.max(MIN_BITS, Math.min(MAX_BITS, wanted)));
    int shift = high - bits;
    int[] bounds = distribute(from, other, begin, end, at, shift, bits, level);
    int nextSlot = shift == 0 ? at + 1 : at;
    int start = begin;
    for (int digit = 0; digit < 1 << bits; digit++) {
      int stop = bounds[digit];
      if (stop > start) {
        sort(other, from, start, stop, nextSlot, level + 1, !stay);
        start = stop;
      }
    }
  }

  private long differentBits(long[] records, int begin, int end, int slot) {
    long first = records[begin * stride + slot];
    long different = 0;
    for (int p = begin * stride + slot; p < end * stride; p += stride) {
      different |= records[p] ^ first;
    }
    return different;
  }

  /** Moves a range to the other array by one digit of its keys; the ends of the digits' ranges. */
  private int[] distribute(
      long[] from, long[] to, int begin, int end, int slot, int shift, int bits, int level) {
    int[] next = ends[level];
    if (next == null) {
      next = new int[1 << MAX_BITS];
      ends[level] = next;
    }
    int mask = (1 << bits) - 1;
    Arrays.fill(next, 0, mask + 1, 0);
    int last = end * stride;
    for (int p = begin * stride + slot; p < last; p += stride) {
      next[(int) (from[p] >>> shift) & mask]++;
    }
    int position = begin;
    for (int digit = 0; digit <= mask; digit++) {
      int count = next[digit];
      next[digit] = position;
      position += count;
    }
    switch (stride) {
      case 1 -> {
        for (int p = begin; p < last; p++) {
          to[next[(int) (from[p] >>> shift) & mask]++] = from[p];
        }
      }
      case 2 -> {
        for (int p = 2 * begin; p < last; p += 2) {
          int place = 2 * next[(int) (from[p + slot] >>> shift) & mask]++;
          to[place] = from[p];
          to[place + 1] = from[p + 1];
        }
      }
      case 3 -> {
        for (int p = 3 * begin; p < last; p += 3) {
          int place = 3 * next[(int) (from[p + slot] >>> shift) & mask]++;
          to[place] = from[p];
          to[place + 1] = from[p + 1];
          to[place + 2] = from[p + 2];
        }
      }
      default -> {
        for (int p = begin * stride; p < last; p += stride) {
          int place = stride * next[(int) (from[p + slot] >>> shift) & mask]++;
          for (int i = 0; i < stride; i++) {
            to[place + i] = from[p + i];
          }
        }
      }
    }
    return next;
  }

  private void insertionSort(long[] records, int begin, int end, int slot) {
    for (int place = begin + stride; place < end; place += stride) {
      if (!isAbove(records, place - stride, records, place, slot)) {
        continue;
      }
      int gap = place - stride;
      while (gap > begin && isAbove(records, gap - stride, records, place, slot)) {
        gap -= stride;
      }
      for (int i = 0; i < stride; i++) {
        long held = records[place + i];
        for (int p = place; p > gap; p -= stride) {
          records[p + i] = records[p - stride + i];
        }
        records[gap + i] = held;
      }
    }
  }

  /**
   * Inserts the records of a range of {@code from} one by one into the same range of {@code to}.
   */
  private void insertInto(long[] to, long[] from, int begin, int end, int slot) {
    for (int place = begin; place < end; place += stride) {
      int gap = place;
      while (gap > begin && isAbove(to, gap - stride, from, place, slot)) {
        for (int i = 0; i < stride; i++) {
          to[gap + i] = to[gap - stride + i];
        }
        gap -= stride;
      }
      for (int i = 0; i < stride; i++) {
        to[gap + i] = from[place + i];
      }
    }
  }

  /** Whether one key is above another; they agree before {@code slot}. */
  private boolean isAbove(long[] a, int at, long[] b, int atB, int slot) {
    for (int i = slot; i < keyLongs; i++) {
      long x = a[at + i];
      long y = b[atB + i];
      if (x != y) {
        return x > y;
      }
    }
    return false;
  }
}
