package org.wordmill.kernel;

import java.util.Arrays;

/**
 * Integer input of a network: token ids or targets, shaped [B, T] (B sequences of T tokens, row by
 * row). As a target, {@link #IGNORED} marks a position without loss.
 */
public final class Ids {
  /** A target that contributes neither loss nor gradient. */
  public static final int IGNORED = -1;

  private final int[] values;
  private final int batch;
  private final int time;

  /**
   * @param values length {@code batch * time}; not copied, and not to be changed while a tape holds
   *     it
   */
  public Ids(int[] values, int batch, int time) {
    if (batch < 1 || time < 1 || values.length != batch * time) {
      throw new IllegalArgumentException(
          values.length + " ids do not fill " + batch + " sequences of " + time + " tokens");
    }
    this.values = values;
    this.batch = batch;
    this.time = time;
  }

  /** The ids, row by row; read only. */
  public int[] values() {
    return values;
  }

  /** B, the number of sequences. */
  public int batch() {
    return batch;
  }

  /** T, the tokens of one sequence. */
  public int time() {
    return time;
  }

  /** The number of positions that are not {@link #IGNORED}. */
  public int counted() {
    int n = 0;
    for (int value : values) {
      n += value == IGNORED ? 0 : 1;
    }
    return n;
  }

  @Override
  public String toString() {
    return "Ids[" + batch + ", " + time + "]" + Arrays.toString(values);
  }
}
