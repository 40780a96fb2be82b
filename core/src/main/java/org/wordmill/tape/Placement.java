package org.wordmill.tape;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Places for pieces of memory that are needed for a time, such that no two that are needed at once
 * overlap, and all together take little room. Finding the least is hard; this takes the better of
 * two greedy orders, largest first and earliest first, each piece going into the tightest gap among
 * those already placed.
 *
 * <p>Source: Pisarchyk and Lee, Efficient memory management for deep neural net inference, 2020.
 *
 * @param sizes in elements, by piece
 * @param offsets of the first element, by piece; multiples of {@value #ALIGNMENT}
 * @param elements in all
 */
record Placement(long[] sizes, long[] offsets, long elements) {
  /** Elements of a cache line, in single precision. */
  private static final int ALIGNMENT = 16;

  /** Pieces for which both orders are tried; the time grows with the square. */
  private static final int FEW = 4096;

  /**
   * @param sizes in elements
   * @param first the time from which a piece is needed
   * @param last the last time at which it is needed
   */
  static Placement of(long[] sizes, int[] first, int[] last) {
    Comparator<Integer> largest = Comparator.comparingLong(i -> -sizes[i]);
    Comparator<Integer> earliest = Comparator.comparingInt(i -> first[i]);
    Placement placed = inOrder(largest.thenComparing(earliest), sizes, first, last);
    if (sizes.length > FEW) {
      return placed;
    }
    Placement other = inOrder(earliest.thenComparing(largest), sizes, first, last);
    return other.elements < placed.elements ? other : placed;
  }

  private static Placement inOrder(
      Comparator<Integer> order, long[] sizes, int[] first, int[] last) {
    long[] offsets = new long[sizes.length];
    List<Integer> byOffset = new ArrayList<>();
    long elements = 0;
    for (int piece : IntStream.range(0, sizes.length).boxed().sorted(order).toList()) {
      long size = aligned(sizes[piece]);
      long tightest = Long.MAX_VALUE;
      long place = -1;
      long end = 0;
      for (int other : byOffset) {
        if (first[other] > last[piece] || last[other] < first[piece]) {
          continue;
        }
        long gap = offsets[other] - end;
        if (gap >= size && gap < tightest) {
          tightest = gap;
          place = end;
        }
        end = Math.max(end, offsets[other] + aligned(sizes[other]));
      }
      offsets[piece] = place < 0 ? end : place;
      elements = Math.max(elements, offsets[piece] + size);
      insert(piece, byOffset, offsets);
    }
    return new Placement(sizes, offsets, elements);
  }

  private static void insert(int piece, List<Integer> byOffset, long[] offsets) {
    int low = 0;
    int high = byOffset.size();
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (offsets[byOffset.get(middle)] <= offsets[piece]) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    byOffset.add(low, piece);
  }

  private static long aligned(long size) {
    return (size + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
  }
}
