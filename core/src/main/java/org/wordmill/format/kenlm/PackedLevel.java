package org.wordmill.format.kenlm;

import java.io.IOException;
import org.wordmill.format.mapped.MappedBytes;

/**
 * The n-grams of one order of a trie, bit after bit: a word, its weights, and for orders below the
 * highest the bits of a pointer. Those that extend one n-gram of the order below lie side by side,
 * sorted by their words, each the first word of its n-gram.
 */
final class PackedLevel {
  static final long NONE = -1;

  /** After so many guesses the middle is taken, so that damaged entries cost no more. */
  private static final int GUESSES = 12;

  private final MappedBytes entries;
  private final long count;
  private final long vocabulary;
  private final int wordBits;
  private final long wordMask;
  private final int entryBits;

  private PackedLevel(MappedBytes entries, long count, long vocabulary, int entryBits) {
    this.entries = entries;
    this.count = count;
    this.vocabulary = vocabulary;
    this.entryBits = entryBits;
    wordBits = bits(vocabulary);
    wordMask = (1L << wordBits) - 1;
  }

  /**
   * @param otherBits how many bits an entry has besides its word
   */
  static PackedLevel map(Sections file, KenlmHeader header, int order, int otherBits)
      throws IOException {
    long vocabulary = header.count(1);
    long count = header.count(order);
    int entryBits = bits(vocabulary) + otherBits;
    // One more entry ends the last pointer, and eight bytes may be read from any bit.
    long bytes = ((1 + count) * entryBits + 7) / 8 + 8;
    return new PackedLevel(
        file.next(bytes, "n-grams of order " + order), count, vocabulary, entryBits);
  }

  /** How many bits it takes to tell 0..max apart. */
  static int bits(long max) {
    return 64 - Long.numberOfLeadingZeros(max);
  }

  MappedBytes entries() {
    return entries;
  }

  /** The bit behind the word of an entry. */
  long weights(long entry) {
    return entry * entryBits + wordBits;
  }

  int entryBits() {
    return entryBits;
  }

  /** The entry of a word within {@code [begin, end)}, or {@link #NONE}. */
  long find(int word, long begin, long end) {
    if (begin < 0 || begin > end || end > count) {
      throw new IndexOutOfBoundsException("entries " + begin + " to " + end + " of " + count);
    }
    long before = begin - 1;
    long after = end;
    long least = 0;
    long most = vocabulary;
    for (int guesses = 0; after - before > 1; guesses++) {
      // Words are spread evenly enough to guess where this one is; least <= word <= most.
      long width = after - before - 1;
      long skip =
          guesses < GUESSES && width <= Integer.MAX_VALUE
              ? (word - least) * width / (most - least + 1)
              : width / 2;
      long entry = before + 1 + skip;
      long found = entries.getBits(entry * entryBits, wordMask);
      if (found == word) {
        return entry;
      }
      if (found < word) {
        before = entry;
        least = found;
      } else {
        after = entry;
        most = found;
      }
    }
    return NONE;
  }
}
