package org.wordmill.format.kenlm;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.wordmill.error.ExitCode;
import org.wordmill.error.WordmillException;
import org.wordmill.ngram.KneserNeyOptions;

/**
 * The beginning of a KenLM binary file, see {@link org.wordmill.format.kenlm}: which kind it is,
 * and how many n-grams it has, from which the places of everything else follow.
 *
 * @param multiplier how many slots the hash tables have for each entry, at least 1
 * @param strings whether the words themselves stand at the end of the file
 * @param counts how many n-grams there are of order 1..N, N at least 2
 * @param fileLength of the whole file
 */
record KenlmHeader(
    KenlmType type, float multiplier, boolean strings, List<Long> counts, long fileLength) {
  private static final byte[] MAGIC = ascii("mmap lm http://kheafield.com/code");
  private static final byte[] INCOMPLETE = ascii("mmap lm http://kheafield.com/code incomplete\n");
  private static final byte[] VERSION = ascii("mmap lm http://kheafield.com/code format version ");
  private static final byte[] MAGIC_5 =
      ascii("mmap lm http://kheafield.com/code format version 5\n");

  /** The magic with the zeros behind it. */
  private static final int TESTS_AT = 56;

  private static final int FIXED_AT = 88;
  private static final int COUNTS_AT = 108;

  /** How many bytes of a file hold any header. */
  static final int MAX_LENGTH = COUNTS_AT + 8 * KneserNeyOptions.MAX_ORDER;

  KenlmHeader {
    counts = List.copyOf(counts);
  }

  int order() {
    return counts.size();
  }

  /** How many n-grams there are of an order 1..N. */
  long count(int order) {
    return counts.get(order - 1);
  }

  /** How many bytes the header has. */
  long length() {
    return (COUNTS_AT + 8L * order() + 7) / 8 * 8;
  }

  static boolean isMagic(byte[] beginning) {
    return startsWith(beginning, MAGIC);
  }

  /**
   * @param bytes the first {@link #MAX_LENGTH} bytes, or all that there are
   * @param length of the whole file
   * @param file the name for messages
   */
  static KenlmHeader decode(byte[] bytes, long length, String file) {
    checkMagic(bytes, file);
    if (bytes.length < COUNTS_AT) {
      throw corrupt("the KenLM file is cut off inside its header", file, bytes.length);
    }
    ByteBuffer in = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    checkTests(in, file);
    int order = in.get(FIXED_AT) & 0xFF;
    if (order < 2 || order > KneserNeyOptions.MAX_ORDER) {
      throw corrupt(
          "the KenLM file has order "
              + order
              + ", expected one between 2 and "
              + KneserNeyOptions.MAX_ORDER,
          file,
          FIXED_AT);
    }
    float multiplier = in.getFloat(FIXED_AT + 4);
    if (!(multiplier >= 1) || Float.isInfinite(multiplier)) {
      throw corrupt("the KenLM file has the probing multiplier " + multiplier, file, FIXED_AT + 4);
    }
    int type = in.getInt(FIXED_AT + 8);
    if (type < 0 || type >= KenlmType.values().length) {
      throw corrupt("the KenLM file is of the unknown model type " + type, file, FIXED_AT + 8);
    }
    KenlmType known = KenlmType.values()[type];
    int strings = in.get(FIXED_AT + 12);
    if (strings < 0 || strings > 1) {
      throw corrupt("the KenLM file's mark of words is " + strings, file, FIXED_AT + 12);
    }
    int version = in.getInt(FIXED_AT + 16);
    if (version != known.version()) {
      throw corrupt(
          "the KenLM file has a "
              + known
              + " of version "
              + version
              + ", expected "
              + known.version(),
          file,
          FIXED_AT + 16);
    }
    if (bytes.length < COUNTS_AT + 8 * order) {
      throw corrupt("the KenLM file is cut off inside its header", file, bytes.length);
    }
    List<Long> counts = new ArrayList<>();
    for (int k = 1; k <= order; k++) {
      int at = COUNTS_AT + 8 * (k - 1);
      long count = in.getLong(at);
      // The smallest entry of any kind has more than a bit, and word ids are ints.
      if (count < 0 || count / 8 > length || (k == 1 && count > Integer.MAX_VALUE - 8)) {
        throw corrupt(
            "the KenLM file claims "
                + Long.toUnsignedString(count)
                + " n-grams of order "
                + k
                + " in "
                + length
                + " bytes",
            file,
            at);
      }
      counts.add(count);
    }
    return new KenlmHeader(known, multiplier, strings == 1, counts, length);
  }

  private static void checkMagic(byte[] bytes, String file) {
    if (!isMagic(bytes)) {
      throw corrupt("this is no binary file of KenLM", file, 0);
    }
    if (startsWith(bytes, INCOMPLETE)) {
      throw corrupt("the KenLM file is not complete: building it was interrupted", file, 0);
    }
    if (!startsWith(bytes, MAGIC_5)) {
      int at = VERSION.length;
      String found =
          startsWith(bytes, VERSION)
              ? new String(bytes, at, Math.min(8, bytes.length - at), StandardCharsets.US_ASCII)
                  .replaceAll("[^0-9].*|\\R", "")
              : "";
      throw corrupt(
          "the KenLM file has format version "
              + (found.isEmpty() ? "unknown" : found)
              + ", expected 5",
          file,
          at);
    }
  }

  /** Numbers that are spelled differently by machines of another kind. */
  private static void checkTests(ByteBuffer in, String file) {
    ByteBuffer expected = ByteBuffer.allocate(FIXED_AT).order(ByteOrder.LITTLE_ENDIAN);
    expected.put(MAGIC_5).position(TESTS_AT);
    expected.putFloat(0).putFloat(1).putFloat(-0.5f).putInt(1).putInt(-1).putInt(0).putLong(1);
    int mismatch = in.duplicate().limit(FIXED_AT).mismatch(expected.flip());
    if (mismatch >= 0) {
      throw corrupt(
          "the test values of the KenLM file are not those of a 64-bit little-endian machine",
          file,
          mismatch);
    }
  }

  private static boolean startsWith(byte[] bytes, byte[] prefix) {
    return bytes.length >= prefix.length
        && Arrays.equals(bytes, 0, prefix.length, prefix, 0, prefix.length);
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }

  static WordmillException corrupt(String what, String file, long offset) {
    return new WordmillException(
        ExitCode.CORRUPT,
        what,
        file + " at byte " + offset,
        "copy it again, or build it again from the ARPA file with build_binary");
  }
}
