package org.wordmill.format.ngramtable;

import org.wordmill.lm.LanguageModel;

/**
 * What a table needs of the history: for each length j of the context, where its successors lie,
 * and its back-off weight. Contexts at the end that have neither are left out, so that histories
 * with the same future compare equal.
 *
 * <p>An immutable value for everybody but the {@link TableWalk} that made it.
 */
final class TableState implements LanguageModel.State {
  final long[] successors;
  final float[] backoffs;
  int length;

  TableState(int contexts) {
    successors = new long[contexts];
    backoffs = new float[contexts];
  }

  TableState copy() {
    TableState copy = new TableState(successors.length);
    copy.set(this);
    return copy;
  }

  void set(TableState other) {
    System.arraycopy(other.successors, 0, successors, 0, other.length);
    System.arraycopy(other.backoffs, 0, backoffs, 0, other.length);
    length = other.length;
  }

  /** Drops contexts at the end that change nothing. */
  void shorten(int contexts) {
    length = contexts;
    while (length > 0 && successors[length - 1] == 0 && backoffs[length - 1] == 0) {
      length--;
    }
  }

  @Override
  public boolean equals(Object other) {
    if (!(other instanceof TableState state) || state.length != length) {
      return false;
    }
    for (int i = 0; i < length; i++) {
      if (successors[i] != state.successors[i] || backoffs[i] != state.backoffs[i]) {
        return false;
      }
    }
    return true;
  }

  @Override
  public int hashCode() {
    long hash = length;
    for (int i = 0; i < length; i++) {
      hash = 31 * hash + successors[i];
      hash = 31 * hash + Float.hashCode(backoffs[i]);
    }
    return Long.hashCode(hash);
  }
}
