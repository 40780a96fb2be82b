package org.wordmill.format.kenlm;

import java.io.IOException;
import org.wordmill.format.mapped.MappedBytes;

/** Words as their hashes in ascending order, without signs; the id of the first is 1. */
final class SortedHashes implements WordHashes {
  private static final int HEADER = 8;

  /** After so many guesses the middle is taken, so that damaged hashes cost no more. */
  private static final int GUESSES = 12;

  private final MappedBytes hashes;
  private final int count;

  private SortedHashes(MappedBytes hashes, int count) {
    this.hashes = hashes;
    this.count = count;
  }

  static SortedHashes map(Sections file, KenlmHeader header) throws IOException {
    long count = file.peek(HEADER, "words").getLong(0);
    // The unigrams have <unk> too.
    if (count < 0 || count + 1 > header.count(1)) {
      throw file.fault(
          "the KenLM file claims "
              + Long.toUnsignedString(count)
              + " words and "
              + header.count(1)
              + " unigrams");
    }
    file.next(HEADER, "words");
    return new SortedHashes(file.next(8 * header.count(1), "words"), (int) count);
  }

  @Override
  public int size() {
    return count + 1;
  }

  @Override
  public int find(long hash) {
    long before = -1;
    long after = count;
    long least = 0;
    long most = -1L;
    for (int guesses = 0; after - before > 1; guesses++) {
      long width = after - before - 1;
      long skip = width / 2;
      if (guesses < GUESSES) {
        // Hashes are spread evenly, so where this one is can be guessed: least <= hash <= most.
        double part = unsigned(hash - least) / unsigned(most - least) * width;
        skip = Math.max(0, Math.min(width - 1, (long) part));
      }
      long at = before + 1 + skip;
      long found = hashes.getLong(8 * at);
      if (found == hash) {
        return (int) at + 1;
      }
      if (Long.compareUnsigned(found, hash) < 0) {
        before = at;
        least = found;
      } else {
        after = at;
        most = found;
      }
    }
    return NONE;
  }

  private static double unsigned(long value) {
    return (value >>> 1) * 2.0;
  }
}
