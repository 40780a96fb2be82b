package org.wordmill.counter;

import java.util.Arrays;

/**
 * Sorts records of longs in place by a packed n-gram key, with most-significant-digit radix sort
 * (McIlroy, Bostic and McIlroy 1993, "American flag sort") and insertion sort for small ranges. A
 * record is {@code stride} consecutive longs that begin with the key. Not stable; no memory but the
 * histograms.
 */
final class RecordSorter {
  private static final int DIGIT_BITS = 8;
  private static final int SMALL = 24;

  private final int stride;
  private final int keyLongs;
  private final int[] digitLong;
  private final int[] digitShift;
  private final int[] digitMask;
  private final int[][] heads;
  private final int[][] tails;
  private final long[] held;
  private long[] records = {};

  /**
   * @param order words of the key
   * @param stride longs of a record, at least the key's
   */
  RecordSorter(Packing packing, int order, int stride) {
    this.stride = stride;
    this.keyLongs = packing.longs(order);
    int perLong = packing.wordsPerLong();
    int[] longs = new int[64 * keyLongs];
    int[] shifts = new int[longs.length];
    int[] masks = new int[longs.length];
    int digits = 0;
    for (int i = 0; i < keyLongs; i++) {
      int words = Math.min(perLong, order - i * perLong);
      int high = perLong * packing.bits();
      int low = (perLong - words) * packing.bits();
      while (high > low) {
        int shift = Math.max(high - DIGIT_BITS, low);
        longs[digits] = i;
        shifts[digits] = shift;
        masks[digits] = (1 << (high - shift)) - 1;
        digits++;
        high = shift;
      }
    }
    this.digitLong = Arrays.copyOf(longs, digits);
    this.digitShift = Arrays.copyOf(shifts, digits);
    this.digitMask = Arrays.copyOf(masks, digits);
    this.heads = new int[digits][1 << DIGIT_BITS];
    this.tails = new int[digits][1 << DIGIT_BITS];
    this.held = new long[stride];
  }

  /** Sorts the first {@code count} records. */
  void sort(long[] array, int count) {
    records = array;
    sort(0, count, 0);
    records = new long[0];
  }

  private void sort(int from, int to, int firstDigit) {
    int digit = firstDigit;
    while (true) {
      if (to - from <= SMALL) {
        insertionSort(from, to);
        return;
      }
      if (digit == digitLong.length) {
        return;
      }
      if (!distribute(from, to, digit)) {
        digit++;
        continue;
      }
      int[] tail = tails[digit];
      int start = from;
      for (int d = 0; d <= digitMask[digit]; d++) {
        int end = tail[d];
        if (end - start > 1) {
          sort(start, end, digit + 1);
        }
        start = end;
      }
      return;
    }
  }

  /** Puts the records of a range into the order of one digit; false when all have the same one. */
  private boolean distribute(int from, int to, int digit) {
    int[] head = heads[digit];
    int[] tail = tails[digit];
    int slot = digitLong[digit];
    int shift = digitShift[digit];
    int mask = digitMask[digit];
    Arrays.fill(tail, 0, mask + 1, 0);
    for (int i = from, p = from * stride + slot; i < to; i++, p += stride) {
      tail[(int) (records[p] >>> shift) & mask]++;
    }
    int position = from;
    for (int d = 0; d <= mask; d++) {
      if (tail[d] == to - from) {
        return false;
      }
      head[d] = position;
      position += tail[d];
      tail[d] = position;
    }
    for (int d = 0; d <= mask; d++) {
      while (head[d] < tail[d]) {
        int home = head[d]++ * stride;
        int target = (int) (records[home + slot] >>> shift) & mask;
        if (target != d) {
          cycle(home, d, target, digit);
        }
      }
    }
    return true;
  }

  /**
   * Carries the record at {@code home} to its place, the record found there to its own, and so on
   * until one belongs at {@code home}. The first longs travel in registers.
   */
  private void cycle(int home, int homeDigit, int firstTarget, int digit) {
    long[] array = records;
    int[] head = heads[digit];
    int slot = digitLong[digit];
    int shift = digitShift[digit];
    int mask = digitMask[digit];
    int longs = stride;
    long first = array[home];
    long second = longs > 1 ? array[home + 1] : 0;
    long third = longs > 2 ? array[home + 2] : 0;
    for (int i = 3; i < longs; i++) {
      held[i] = array[home + i];
    }
    int place;
    int target = firstTarget;
    do {
      place = target == homeDigit ? home : head[target]++ * longs;
      long swap = array[place];
      array[place] = first;
      first = swap;
      if (longs > 1) {
        swap = array[place + 1];
        array[place + 1] = second;
        second = swap;
      }
      if (longs > 2) {
        swap = array[place + 2];
        array[place + 2] = third;
        third = swap;
      }
      for (int i = 3; i < longs; i++) {
        swap = array[place + i];
        array[place + i] = held[i];
        held[i] = swap;
      }
      long key = slot == 0 ? first : slot == 1 ? second : slot == 2 ? third : held[slot];
      target = (int) (key >>> shift) & mask;
    } while (place != home);
  }

  private void insertionSort(int from, int to) {
    long[] array = records;
    int longs = stride;
    int begin = from * longs;
    int end = to * longs;
    for (int place = begin + longs; place < end; place += longs) {
      if (compare(place - longs, array, place) <= 0) {
        continue;
      }
      for (int i = 0; i < longs; i++) {
        held[i] = array[place + i];
      }
      int gap = place;
      do {
        for (int i = 0; i < longs; i++) {
          array[gap + i] = array[gap - longs + i];
        }
        gap -= longs;
      } while (gap > begin && compare(gap - longs, held, 0) > 0);
      for (int i = 0; i < longs; i++) {
        array[gap + i] = held[i];
      }
    }
  }

  private int compare(int at, long[] other, int atOther) {
    for (int i = 0; i < keyLongs; i++) {
      int order = Long.compare(records[at + i], other[atOther + i]);
      if (order != 0) {
        return order;
      }
    }
    return 0;
  }
}
