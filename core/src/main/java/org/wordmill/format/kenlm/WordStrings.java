package org.wordmill.format.kenlm;

import java.io.IOException;
import org.wordmill.format.mapped.MappedBytes;

/** The words themselves, by their ids, each with a zero behind it, up to the end of the file. */
final class WordStrings {
  private static final byte[] FIRST = {'<', 'u', 'n', 'k', '>', 0};
  private static final int STEP_BITS = 6;
  private static final int STEP = 1 << STEP_BITS;

  private final MappedBytes bytes;

  /** Where the words 0, 64, 128, ... begin. */
  private final long[] starts;

  private WordStrings(MappedBytes bytes, long[] starts) {
    this.bytes = bytes;
    this.starts = starts;
  }

  /** Reads through all words, which shows whether the file is whole. */
  static WordStrings map(Sections file, int size) throws IOException {
    long length = file.left();
    MappedBytes bytes = file.peek((int) Math.max(Math.min(size, length), FIRST.length), "words");
    for (int i = 0; i < FIRST.length; i++) {
      if (bytes.getByte(i) != FIRST[i]) {
        throw file.fault("the words of the KenLM file do not begin where they should");
      }
    }
    // Each word has a byte or more, so the file is as long as what is allocated here.
    file.peek(size, "words");
    long[] starts = new long[(size + STEP - 1) >>> STEP_BITS];
    bytes = file.next(length, "words");
    int words = 1;
    long last = FIRST.length - 1;
    for (long at = FIRST.length; at < length; at++) {
      if (bytes.getByte(at) == 0) {
        if (words < size && (words & STEP - 1) == 0) {
          starts[words >>> STEP_BITS] = last + 1;
        }
        words++;
        last = at;
      }
    }
    if (words != size || last + 1 != length) {
      throw file.fault(
          "the KenLM file is cut off or too long: it ends with "
              + words
              + " words, expected "
              + size);
    }
    return new WordStrings(bytes, starts);
  }

  byte[] bytes(int id) {
    long from = starts[id >>> STEP_BITS];
    for (int skip = id & STEP - 1; skip > 0; skip--) {
      from = end(from) + 1;
    }
    byte[] word = new byte[(int) (end(from) - from)];
    bytes.getBytes(from, word);
    return word;
  }

  private long end(long from) {
    long end = from;
    while (bytes.getByte(end) != 0) {
      end++;
    }
    return end;
  }
}
