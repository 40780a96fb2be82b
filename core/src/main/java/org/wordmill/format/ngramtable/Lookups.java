package org.wordmill.format.ngramtable;

/**
 * Look-ups of n-grams of one order that do not wait for each other. The processor fetches as many
 * of their entries from memory at once as it sees ahead, so what is done for all of them is done in
 * loops of few instructions, without a branch that hangs on what is read.
 *
 * <p>It belongs to one thread.
 */
final class Lookups {
  /** Of each look-up: the successors that it looks among, and the word that it looks for. */
  final long[] ranges;

  final int[] words;

  /** Whose look-up it is, in the numbers of who asks. */
  final int[] places;

  /** Where it is in the order's entries; in the end the entry, or {@link Levels#NONE}. */
  final long[] entries;

  /** For the layout: the entry's offset in bytes, what was read there, which look-ups go on. */
  final long[] offsets;

  final int[] found;
  final int[] open;

  private int count;

  Lookups(int room) {
    ranges = new long[room];
    words = new int[room];
    places = new int[room];
    entries = new long[room];
    offsets = new long[room];
    found = new int[room];
    open = new int[room];
  }

  int count() {
    return count;
  }

  void clear() {
    count = 0;
  }

  /**
   * Adds a look-up if it is wanted. There must be room in any case: it is written down, and written
   * over if it is not wanted, which takes no branch.
   *
   * @param range what it looks among; 0 only if it is not wanted
   */
  void add(long range, int word, int place, boolean wanted) {
    ranges[count] = range;
    words[count] = word;
    places[count] = place;
    count += wanted ? 1 : 0;
  }
}
