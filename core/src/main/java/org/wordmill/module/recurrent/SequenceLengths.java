package org.wordmill.module.recurrent;

import org.wordmill.kernel.Ids;

/**
 * How many of the T positions of each sequence of a batch are its own; the rest is filling behind
 * them, which no layer may hear before it hears the sequence.
 */
public final class SequenceLengths {
  private final int[] lengths;
  private final int time;

  /**
   * @param lengths of B sequences, each in [0, T]
   * @param time T
   */
  public SequenceLengths(int[] lengths, int time) {
    for (int length : lengths) {
      if (length < 0 || length > time) {
        throw new IllegalArgumentException(
            "a sequence of " + length + " in " + time + " positions");
      }
    }
    this.lengths = lengths.clone();
    this.time = time;
  }

  /**
   * The lengths of sequences whose filling is an id of its own.
   *
   * @param filling an id that no sequence ends with
   */
  public static SequenceLengths of(Ids ids, int filling) {
    int[] lengths = new int[ids.batch()];
    for (int b = 0; b < lengths.length; b++) {
      int length = ids.time();
      while (length > 0 && ids.values()[b * ids.time() + length - 1] == filling) {
        length--;
      }
      lengths[b] = length;
    }
    return new SequenceLengths(lengths, ids.time());
  }

  /** Rows in an order that has every sequence at the end of its positions, filling in front. */
  Ids toEnd() {
    return rotation(false);
  }

  /** Rows in the order that undoes {@link #toEnd}. */
  Ids toBegin() {
    return rotation(true);
  }

  private Ids rotation(boolean undo) {
    int[] rows = new int[lengths.length * time];
    for (int b = 0; b < lengths.length; b++) {
      int shift = undo ? time - lengths[b] : lengths[b];
      for (int t = 0; t < time; t++) {
        rows[b * time + t] = b * time + (t + shift) % time;
      }
    }
    return new Ids(rows, lengths.length, time);
  }
}
