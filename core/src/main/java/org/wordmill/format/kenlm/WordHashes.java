package org.wordmill.format.kenlm;

/**
 * The ids of words by their hashes, all that a file has of them for look-ups; {@code <unk>} is not
 * among them, its id is 0.
 */
interface WordHashes {
  int NONE = -1;

  /** V, with {@code <unk>}. */
  int size();

  /** The id of the word with a hash, or {@link #NONE}. */
  int find(long hash);
}
