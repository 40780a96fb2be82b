package org.wordmill.model;

import org.wordmill.kernel.Kernels;
import org.wordmill.kernel.Tensor;

/**
 * Vectors that wait for the head of a model, until there are as many as it takes at once: its
 * product is the quicker the more rows it has. One thread at a time.
 */
final class HeadRows {
  /** Scores computed at once, in elements. */
  private static final long MOST_SCORES = 1 << 22;

  private static final int MOST_ROWS = 1024;

  private final Evaluator evaluator;
  private final Tensor waiting;
  private final int[] targets;
  private final Place[] places;
  private int count;

  /** Where a log-probability goes. */
  private record Place(double[] out, int index) {}

  HeadRows(Evaluator evaluator, int width, int vocabularySize) {
    int rows =
        Integer.highestOneBit((int) Math.max(1, Math.min(MOST_ROWS, MOST_SCORES / vocabularySize)));
    this.evaluator = evaluator;
    this.waiting = evaluator.kernels().zeros(rows, width);
    this.targets = new int[rows];
    this.places = new Place[rows];
  }

  /**
   * Takes vectors in.
   *
   * @param hidden [n, C], copied
   * @param text row i of {@code hidden} predicts {@code text[target + i]}
   * @param out where their log-probabilities go, from {@code index} on, by {@link #finish} at last
   */
  void add(Tensor hidden, int[] text, int target, double[] out, int index) {
    Kernels kernels = evaluator.kernels();
    int width = hidden.columns();
    for (int done = 0; done < hidden.rows(); ) {
      int some = Math.min(hidden.rows() - done, targets.length - count);
      kernels.copy(
          hidden.view((long) done * width, some, width),
          waiting.view((long) count * width, some, width),
          false);
      for (int i = 0; i < some; i++) {
        targets[count] = text[target + done];
        places[count] = new Place(out, index + done);
        count++;
        done++;
      }
      if (count == targets.length) {
        run(0, count);
        count = 0;
      }
    }
  }

  /**
   * Gives all who wait their log-probabilities.
   *
   * @param alike whether the last rows, too, are run as so many as always: then a row's bits do not
   *     depend on how many others there are
   */
  void finish(boolean alike) {
    if (alike && count > 0) {
      run(0, targets.length);
    } else {
      for (int from = 0; from < count; ) {
        // Powers of two, so that few shapes occur.
        int some = Integer.highestOneBit(count - from);
        run(from, some);
        from += some;
      }
    }
    count = 0;
  }

  /** Runs the head on rows of which those from {@link #count} on are nobody's. */
  private void run(int from, int rows) {
    int width = waiting.columns();
    evaluator.logProbabilities(
        waiting.view((long) from * width, rows, width),
        Math.min(rows, count - from),
        row -> targets[from + row],
        (row, logProbability) -> {
          Place place = places[from + row];
          place.out()[place.index()] = logProbability;
        });
  }
}
