package org.wordmill.format.ngramtable;

import java.util.Locale;

/** How the n-grams of a table lie in its file. */
public enum TableLayout {
  /** Hash tables, one for each context: the fastest. */
  PROBING,
  /** A sorted trie of packed bits: the smallest. */
  COMPACT;

  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
