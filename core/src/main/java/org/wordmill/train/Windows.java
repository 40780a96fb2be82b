package org.wordmill.train;

import java.util.Arrays;
import org.wordmill.kernel.Ids;

/** The inputs and targets of one micro-batch: windows of T tokens, and the same one token later. */
final class Windows {
  private final int contextLength;
  private final int[] inputs;
  private final int[] targets;
  private final int[] window;

  Windows(int sequences, int contextLength) {
    this.contextLength = contextLength;
    this.inputs = new int[sequences * contextLength];
    this.targets = new int[sequences * contextLength];
    this.window = new int[contextLength + 1];
    Arrays.fill(targets, Ids.IGNORED);
  }

  /**
   * Puts the window that begins at {@code start} into row {@code row}. Where the corpus ends before
   * the window does, targets are left out.
   */
  void put(Tokens corpus, long start, int row) {
    int length = (int) Math.min(contextLength + 1L, corpus.size() - start);
    corpus.copy(start, window, 0, length);
    System.arraycopy(window, 0, inputs, row * contextLength, length - 1);
    System.arraycopy(window, 1, targets, row * contextLength, length - 1);
  }

  Ids inputs() {
    return new Ids(inputs, inputs.length / contextLength, contextLength);
  }

  Ids targets() {
    return new Ids(targets, targets.length / contextLength, contextLength);
  }
}
