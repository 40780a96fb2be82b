package org.wordmill.counter;

import java.util.Arrays;

/**
 * Sorts records of longs by a packed n-gram key with most-significant-digit radix sort, and
 * insertion sort for small ranges. A record is {@code stride} consecutive longs that begin with the
 * key. Not stable; needs as much memory again as the records, for the time of the sort.
 *
 * <p>Ids fall with frequency: small ones are most of any range, and most ranges have some large
 * one. So a digit of fixed bits would put most records into one range. Here a digit is of one word,
 * and has the place of the word's highest bit and some bits after that, more of them the larger the
 * range is; frequent words are digits of their own. Each level moves the records to the other of
 * two arrays, where no move waits for the one before.
 */
final class RecordSorter {
  private static final int SMALL = 20;
  private static final int MAX_DIGITS = 1 << 11;

  /** Records that there are for a digit at least, if digits were as frequent. */
  private static final int RECORDS_PER_DIGIT = 2;

  /** Every level takes one bit at least of a key of four longs at most. */
  private static final int LEVELS = 64 * 4;

  private final Packing packing;
  private final int order;
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
    this.packing = packing;
    this.order = order;
    this.stride = stride;
    this.keyLongs = packing.longs(order);
    this.held = new long[stride];
  }

  /** The longs that {@link #sort} needs for so many records beside their own. */
  static int otherLongs(int count, int stride) {
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
   * Sorts a range of records whose keys agree before {@code word}.
   *
   * @param from holds the records
   * @param other is written over in the range
   * @param stay whether the result is to stand in {@code from}, else in {@code other}
   */
  private void sort(
      long[] from, long[] other, int begin, int end, int word, int level, boolean stay) {
    int count = end - begin;
    if (count <= SMALL) {
      insert(from, stay ? from : other, begin * stride, end * stride);
      return;
    }
    int at = word;
    long different = 0;
    for (; at < order; at++) {
      different = differentBits(from, begin, end, at);
      if (different != 0) {
        break;
      }
    }
    if (different == 0) {
      if (!stay) {
        System.arraycopy(from, begin * stride, other, begin * stride, count * stride);
      }
      return;
    }
    int high = 64 - Long.numberOfLeadingZeros(different);
    int fine = fineness(high, count);
    int[] bounds = distribute(from, other, begin, end, at, high, fine, level);
    int exact = 2 << fine;
    int digits = digits(high, fine);
    int start = begin;
    for (int digit = 0; digit < digits; digit++) {
      int stop = bounds[digit];
      if (stop > start) {
        sort(other, from, start, stop, digit < exact ? at + 1 : at, level + 1, !stay);
        start = stop;
      }
    }
  }

  /**
   * The bits that a digit has beside the place of the highest bit, so that there are a few records
   * for each digit.
   *
   * @param high bits in which the words of a range differ
   */
  private static int fineness(int high, int count) {
    int wanted = Math.min(MAX_DIGITS, count / RECORDS_PER_DIGIT);
    int fine = 0;
    while (fine < high - 1 && digits(high, fine + 1) <= wanted) {
      fine++;
    }
    return fine;
  }

  /** How many digits there are of words below two to the power of {@code high}. */
  private static int digits(int high, int fine) {
    return high - fine + 1 << fine;
  }

  /** The bits of a word in which the records of a range differ. */
  private long differentBits(long[] records, int begin, int end, int word) {
    int slot = packing.slot(word);
    long first = records[begin * stride + slot];
    long different = 0;
    for (int p = begin * stride + slot; p < end * stride; p += stride) {
      different |= records[p] ^ first;
    }
    return different >>> packing.shift(word) & packing.wordMask();
  }

  /** Moves a range to the other array by one digit of its keys; the ends of the digits' ranges. */
  private int[] distribute(
      long[] from, long[] to, int begin, int end, int word, int high, int fine, int level) {
    int[] next = ends[level];
    if (next == null) {
      next = new int[MAX_DIGITS];
      ends[level] = next;
    }
    int slot = packing.slot(word);
    int shift = packing.shift(word);
    long mask = (1L << high) - 1;
    int digits = digits(high, fine);
    Arrays.fill(next, 0, digits, 0);
    int last = end * stride;
    for (int p = begin * stride + slot; p < last; p += stride) {
      next[digit(from[p] >>> shift & mask, fine)]++;
    }
    int position = begin;
    for (int digit = 0; digit < digits; digit++) {
      int count = next[digit];
      next[digit] = position;
      position += count;
    }
    switch (stride) {
      case 1 -> {
        for (int p = begin; p < last; p++) {
          to[next[digit(from[p] >>> shift & mask, fine)]++] = from[p];
        }
      }
      case 2 -> {
        for (int p = 2 * begin; p < last; p += 2) {
          int place = 2 * next[digit(from[p + slot] >>> shift & mask, fine)]++;
          to[place] = from[p];
          to[place + 1] = from[p + 1];
        }
      }
      case 3 -> {
        for (int p = 3 * begin; p < last; p += 3) {
          int place = 3 * next[digit(from[p + slot] >>> shift & mask, fine)]++;
          to[place] = from[p];
          to[place + 1] = from[p + 1];
          to[place + 2] = from[p + 2];
        }
      }
      case 4 -> {
        for (int p = 4 * begin; p < last; p += 4) {
          int place = 4 * next[digit(from[p + slot] >>> shift & mask, fine)]++;
          to[place] = from[p];
          to[place + 1] = from[p + 1];
          to[place + 2] = from[p + 2];
          to[place + 3] = from[p + 3];
        }
      }
      default -> {
        for (int p = begin * stride; p < last; p += stride) {
          int place = stride * next[digit(from[p + slot] >>> shift & mask, fine)]++;
          for (int i = 0; i < stride; i++) {
            to[place + i] = from[p + i];
          }
        }
      }
    }
    return next;
  }

  /**
   * The digit of a number: the place of its highest bit and so many bits after that; the number
   * itself where it has no more bits. Digits are in the order of the numbers.
   */
  private static int digit(long number, int fine) {
    int rest = Math.max(0, 63 - fine - Long.numberOfLeadingZeros(number));
    return (rest << fine) + (int) (number >>> rest);
  }

  /**
   * Inserts the records of a range of {@code from} one by one into the same range of {@code to},
   * which may be the same array.
   */
  private void insert(long[] from, long[] to, int begin, int end) {
    switch (keyLongs <= 2 ? stride : 0) {
      case 2 -> insertTwo(from, to, begin, end);
      case 3 -> insertThree(from, to, begin, end);
      case 4 -> insertFour(from, to, begin, end);
      default -> insertAny(from, to, begin, end);
    }
  }

  /** Records of two longs, held in registers, as in the next two; keys of one long or two. */
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

  private void insertAny(long[] from, long[] to, int begin, int end) {
    for (int place = begin; place < end; place += stride) {
      System.arraycopy(from, place, held, 0, stride);
      int gap = place;
      while (gap > begin && isAbove(to, gap - stride)) {
        System.arraycopy(to, gap - stride, to, gap, stride);
        gap -= stride;
      }
      System.arraycopy(held, 0, to, gap, stride);
    }
  }

  /** Whether a key is above that of the record that is held. */
  private boolean isAbove(long[] records, int at) {
    for (int i = 0; i < keyLongs; i++) {
      long key = records[at + i];
      if (key != held[i]) {
        return key > held[i];
      }
    }
    return false;
  }
}
