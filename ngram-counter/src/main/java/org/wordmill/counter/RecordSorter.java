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

  /** The record that is inserted. */
  private final long[] held;

  /**
   * @param order words of the key
   * @param stride longs of a record, at least the key's
   */
  RecordSorter(Packing packing, int order, int stride) {
    this.stride = stride;
    this.keyLongs = packing.longs(order);
    this.held = new long[stride];
  }

  /** The longs that {@link #sort} needs for so many records beside their own. */
  int otherLongs(int count) {
    return count > SMALL ? count * stride : 0;
  }

  /**
   * Sorts the first {@code count} records.
   *
   * @param other is written over, and has {@link #otherLongs} at least
   */
  void sort(long[] array, long[] other, int count) {
    sort(array, other, 0, count, 0, 0, true);
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
      insert(from, stay ? from : other, begin * stride, end * stride, slot);
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
      case 4 -> {
        for (int p = 4 * begin; p < last; p += 4) {
          int place = 4 * next[(int) (from[p + slot] >>> shift) & mask]++;
          to[place] = from[p];
          to[place + 1] = from[p + 1];
          to[place + 2] = from[p + 2];
          to[place + 3] = from[p + 3];
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

  /**
   * Inserts the records of a range of {@code from} one by one into the same range of {@code to},
   * which may be the same array; they agree before {@code slot}.
   */
  private void insert(long[] from, long[] to, int begin, int end, int slot) {
    if (keyLongs <= 2) {
      switch (stride) {
        case 2 -> insertTwo(from, to, begin, end);
        case 3 -> insertThree(from, to, begin, end);
        case 4 -> insertFour(from, to, begin, end);
        default -> insertAny(from, to, begin, end, slot);
      }
    } else {
      insertAny(from, to, begin, end, slot);
    }
  }

  /** Records of two longs, held in registers; keys of one long or two. */
  private void insertTwo(long[] from, long[] to, int begin, int end) {
    boolean two = keyLongs == 2;
    for (int place = begin; place < end; place += 2) {
      long first = from[place];
      long second = from[place + 1];
      int gap = place;
      while (gap > begin
          && (to[gap - 2] > first || two && to[gap - 2] == first && to[gap - 1] > second)) {
        to[gap] = to[gap - 2];
        to[gap + 1] = to[gap - 1];
        gap -= 2;
      }
      to[gap] = first;
      to[gap + 1] = second;
    }
  }

  private void insertThree(long[] from, long[] to, int begin, int end) {
    boolean two = keyLongs == 2;
    for (int place = begin; place < end; place += 3) {
      long first = from[place];
      long second = from[place + 1];
      long third = from[place + 2];
      int gap = place;
      while (gap > begin
          && (to[gap - 3] > first || two && to[gap - 3] == first && to[gap - 2] > second)) {
        to[gap] = to[gap - 3];
        to[gap + 1] = to[gap - 2];
        to[gap + 2] = to[gap - 1];
        gap -= 3;
      }
      to[gap] = first;
      to[gap + 1] = second;
      to[gap + 2] = third;
    }
  }

  private void insertFour(long[] from, long[] to, int begin, int end) {
    boolean two = keyLongs == 2;
    for (int place = begin; place < end; place += 4) {
      long first = from[place];
      long second = from[place + 1];
      long third = from[place + 2];
      long fourth = from[place + 3];
      int gap = place;
      while (gap > begin
          && (to[gap - 4] > first || two && to[gap - 4] == first && to[gap - 3] > second)) {
        to[gap] = to[gap - 4];
        to[gap + 1] = to[gap - 3];
        to[gap + 2] = to[gap - 2];
        to[gap + 3] = to[gap - 1];
        gap -= 4;
      }
      to[gap] = first;
      to[gap + 1] = second;
      to[gap + 2] = third;
      to[gap + 3] = fourth;
    }
  }

  private void insertAny(long[] from, long[] to, int begin, int end, int slot) {
    for (int place = begin; place < end; place += stride) {
      System.arraycopy(from, place, held, 0, stride);
      int gap = place;
      while (gap > begin && isAbove(to, gap - stride, slot)) {
        System.arraycopy(to, gap - stride, to, gap, stride);
        gap -= stride;
      }
      System.arraycopy(held, 0, to, gap, stride);
    }
  }

  /** Whether a key is above that of the record that is held; they agree before {@code slot}. */
  private boolean isAbove(long[] records, int at, int slot) {
    for (int i = slot; i < keyLongs; i++) {
      long key = records[at + i];
      if (key != held[i]) {
        return key > held[i];
      }
    }
    return false;
  }
}
