package org.wordmill.train;

import org.wordmill.error.ExitCode;
import org.wordmill.error.WordmillException;

/**
 * Which windows of the corpus a step trains on: a pure function of (seed, step), so that any part
 * of any batch can be found at any time, by any task, and again after a crash.
 *
 * <p>An epoch cuts the corpus into windows of T tokens side by side, beginning at a phase in [0, T)
 * that the epoch draws, and goes through them in an order that the epoch draws; every window comes
 * once, none is lost or doubled. Every epoch has as many windows as fit with every phase; the rest
 * of fewer than 2 T tokens at the ends differs from epoch to epoch. Batches follow one another
 * through the epochs, so a batch may have the last windows of one and the first of the next.
 *
 * <p>The target of the last token of a window is the token after it, so a corpus has T + 1 tokens
 * at least.
 */
public final class BatchPlan {
  private static final int PHASE = 1;
  private static final int ORDER = 2;

  private final int contextLength;
  private final int sequences;
  private final long seed;
  private final long windows;
  private final long phases;

  /**
   * @param tokens the size of the corpus
   * @param contextLength T
   * @param sequences windows of one step
   * @throws WordmillException BAD_INPUT when the corpus is shorter than T + 1
   */
  public BatchPlan(long tokens, int contextLength, int sequences, long seed) {
    if (tokens < contextLength + 1L) {
      throw new WordmillException(
          ExitCode.BAD_INPUT,
          "a corpus of " + tokens + " tokens is too short for a context of " + contextLength,
          "",
          "give more text, or set a context length below " + tokens);
    }
    this.contextLength = contextLength;
    this.sequences = sequences;
    this.seed = seed;
    this.windows = Math.max(1, (tokens - contextLength) / contextLength);
    this.phases = Math.min(contextLength, tokens - windows * contextLength);
  }

  /** Windows of one epoch. */
  public long windowsPerEpoch() {
    return windows;
  }

  /** How many epochs have passed when {@code step} begins. */
  public double epochs(long step) {
    return (double) step * sequences / windows;
  }

  /**
   * The first token of one window.
   *
   * @param step counted from 0
   * @param position in [0, sequences), the place in the global batch
   */
  public long start(long step, int position) {
    return start(Math.addExact(Math.multiplyExact(step, (long) sequences), position));
  }

  /**
   * The first token of one window.
   *
   * @param sample the windows that come before it, in all epochs together
   */
  long start(long sample) {
    long epoch = sample / windows;
    long phase = Long.remainderUnsigned(Seeds.mix(seed, PHASE, epoch), phases);
    WindowPermutation order = new WindowPermutation(windows, Seeds.mix(seed, ORDER, epoch));
    return phase + contextLength * order.at(sample % windows);
  }
}
