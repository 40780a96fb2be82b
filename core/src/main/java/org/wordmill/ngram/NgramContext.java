package org.wordmill.ngram;

import java.util.Arrays;
import org.wordmill.lm.LanguageModel;

/**
 * What an n-gram model remembers of the history: for each length j up to min(N-1, words seen), the
 * number in order j of the n-gram that the last j words form, or {@link NgramLevel#NONE} where the
 * model has no such n-gram. An immutable value.
 */
final class NgramContext implements LanguageModel.State {
  private final int[] entries;

  private NgramContext(int[] entries) {
    this.entries = entries;
  }

  /** No history. */
  static NgramContext empty() {
    return new NgramContext(new int[0]);
  }

  /** How many words are remembered. */
  int length() {
    return entries.length;
  }

  /** The number in order {@code length} of the n-gram of the last {@code length} words. */
  int entry(int length) {
    return entries[length - 1];
  }

  /**
   * The context after one more word.
   *
   * @param levels orders 2, 3, ..., N
   */
  NgramContext advance(NgramLevel[] levels, int word) {
    int[] next = new int[Math.min(entries.length + 1, levels.length)];
    if (next.length > 0) {
      next[0] = word;
    }
    for (int j = 1; j < next.length; j++) {
      int prefix = entries[j - 1];
      next[j] = prefix == NgramLevel.NONE ? NgramLevel.NONE : levels[j - 1].find(prefix, word);
    }
    return new NgramContext(next);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof NgramContext context && Arrays.equals(entries, context.entries);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(entries);
  }
}
