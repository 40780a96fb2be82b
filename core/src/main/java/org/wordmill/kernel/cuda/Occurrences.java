package org.wordmill.kernel.cuda;

import java.util.Arrays;
import org.wordmill.kernel.Ids;

/**
 * Where each id occurs, in the order of the text: the positions of the k-th smallest id are {@code
 * order[starts[k] .. starts[k + 1])}. With it every row of a table gathers its gradient alone, in a
 * fixed order, and no two threads add to one row.
 *
 * @param rows the ids that occur, ascending, each once
 */
record Occurrences(int[] rows, int[] starts, int[] order) {

  static Occurrences of(Ids ids) {
    int[] values = ids.values();
    long[] sorted = new long[values.length];
    for (int n = 0; n < sorted.length; n++) {
      sorted[n] = ((long) values[n] << Integer.SIZE) | n;
    }
    Arrays.sort(sorted);
    int[] rows = new int[sorted.length];
    int[] starts = new int[sorted.length + 1];
    int[] order = new int[sorted.length];
    int distinct = 0;
    for (int n = 0; n < sorted.length; n++) {
      int id = (int) (sorted[n] >> Integer.SIZE);
      order[n] = (int) sorted[n];
      if (n == 0 || rows[distinct - 1] != id) {
        rows[distinct] = id;
        starts[distinct++] = n;
      }
    }
    starts[distinct] = sorted.length;
    return new Occurrences(
        Arrays.copyOf(rows, distinct), Arrays.copyOf(starts, distinct + 1), order);
  }

  int distinct() {
    return rows.length;
  }

  /** All three arrays one after the other, so that they travel together. */
  int[] joined() {
    int[] all = Arrays.copyOf(rows, rows.length + starts.length + order.length);
    System.arraycopy(starts, 0, all, rows.length, starts.length);
    System.arraycopy(order, 0, all, rows.length + starts.length, order.length);
    return all;
  }
}
