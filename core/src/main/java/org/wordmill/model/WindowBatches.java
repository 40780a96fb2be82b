package org.wordmill.model;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.wordmill.kernel.Ids;
import org.wordmill.kernel.Tensor;

/**
 * Scores windows of texts, many at once. A window is read as one of a few lengths up to the
 * context's, by padding behind it, which no earlier position hears; windows of one length form
 * batches. One thread at a time.
 */
final class WindowBatches {
  /** Tokens of one batch; more would make activations larger and products no faster. */
  private static final int MOST_TOKENS = 1024;

  private static final int SHORTEST = 16;

  private final Evaluator evaluator;
  private final HeadRows head;
  private final int context;

  /**
   * Tokens [begin, end) of a text, from the beginning of a sequence. Those of its positions from
   * {@code from} on each predict the next token; {@code out[p + 1 - offset]} is position p's.
   */
  record Window(int[] text, int begin, int from, int end, double[] out, int offset) {
    int length() {
      return end - begin;
    }
  }

  WindowBatches(Evaluator evaluator, HeadRows head, int context) {
    this.evaluator = evaluator;
    this.head = head;
    this.context = context;
  }

  /**
   * Hands vectors of all windows to the head.
   *
   * @param alike whether batches that are not full are run as if they were: then the bits of a
   *     window do not depend on how many others there are, nor on its place among them where the
   *     library of matrix products computes every row alike, as oneDNN does; OpenBLAS adds up in
   *     another order in some rows, so there the last digits do
   */
  void run(List<Window> windows, boolean alike) {
    Map<Integer, List<Window>> byTime = new TreeMap<>();
    for (Window window : windows) {
      byTime.computeIfAbsent(time(window.length()), time -> new ArrayList<>()).add(window);
    }
    byTime.forEach(
        (time, some) -> {
          int most = Integer.highestOneBit(Math.max(1, MOST_TOKENS / time));
          for (int from = 0; from < some.size(); ) {
            // Powers of two, so that few shapes occur.
            int count = Integer.highestOneBit(Math.min(most, some.size() - from));
            int taken = alike ? Math.min(most, some.size() - from) : count;
            run(some.subList(from, from + taken), alike ? most : count, time);
            from += taken;
          }
        });
  }

  /** The next of 16, 24, 32, 48, 64, 96 and so on, at most the context. */
  private int time(int length) {
    int power = SHORTEST;
    while (power < length) {
      power *= 2;
    }
    int between = power / 4 * 3;
    return Math.min(between >= Math.max(length, SHORTEST) ? between : power, context);
  }

  private void run(List<Window> windows, int batch, int time) {
    int[] inputs = new int[batch * time];
    for (int w = 0; w < windows.size(); w++) {
      Window window = windows.get(w);
      System.arraycopy(window.text(), window.begin(), inputs, w * time, window.length());
    }
    Tensor hidden = evaluator.hidden(new Ids(inputs, batch, time));
    int width = hidden.columns();
    for (int w = 0; w < windows.size(); w++) {
      Window window = windows.get(w);
      long row = (long) w * time + window.from() - window.begin();
      head.add(
          hidden.view(row * width, window.end() - window.from(), width),
          window.text(),
          window.from() + 1,
          window.out(),
          window.from() + 1 - window.offset());
    }
  }
}
