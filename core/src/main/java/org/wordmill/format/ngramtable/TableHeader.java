package org.wordmill.format.ngramtable;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.zip.CRC32C;
import org.wordmill.error.ExitCode;
import org.wordmill.error.WordmillException;
import org.wordmill.ngram.KneserNeyOptions;

/**
 * The first 4096 bytes of a table, see {@link org.wordmill.format.ngramtable}: what it is, and
 * where its sections lie.
 *
 * @param suffixClosed whether an n-gram's last words are always an n-gram too
 * @param quantized whether probabilities and back-offs above order 1 are 8-bit codes
 * @param counts how many n-grams there are of order 1..N
 */
record TableHeader(
    TableLayout layout,
    boolean suffixClosed,
    boolean quantized,
    long fileLength,
    List<Long> counts,
    List<Section> sections) {
  static final int LENGTH = 4096;
  static final byte[] MAGIC = "wordmill ngrams\n".getBytes(StandardCharsets.US_ASCII);

  /** The CR LF that text-mode copying would change is part of the mark of a complete file. */
  private static final int COMPLETE = 0x0A0D4B4F;

  private static final int VERSION = 1;
  private static final int COUNTS_AT = 48;
  private static final int SECTIONS_AT = COUNTS_AT + 8 * KneserNeyOptions.MAX_ORDER;
  private static final int SECTION_BYTES = 24;
  private static final int MAX_SECTIONS = (LENGTH - 4 - SECTIONS_AT) / SECTION_BYTES;
  private static final int SUFFIX_CLOSED = 1;
  private static final int QUANTIZED = 2;

  TableHeader {
    counts = List.copyOf(counts);
    sections = List.copyOf(sections);
  }

  int order() {
    return counts.size();
  }

  /** A header that says the file is not complete. */
  static byte[] incomplete() {
    byte[] bytes = new byte[LENGTH];
    System.arraycopy(MAGIC, 0, bytes, 0, MAGIC.length);
    return bytes;
  }

  byte[] encode() {
    byte[] bytes = incomplete();
    ByteBuffer out = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).position(MAGIC.length);
    out.putInt(VERSION).putInt(COMPLETE).putInt(layout.ordinal()).putInt(order());
    out.putInt((suffixClosed ? SUFFIX_CLOSED : 0) | (quantized ? QUANTIZED : 0));
    out.putInt(sections.size()).putLong(fileLength);
    counts.forEach(out::putLong);
    out.position(SECTIONS_AT);
    for (Section section : sections) {
      out.putInt(section.id()).putInt(section.checksum());
      out.putLong(section.offset()).putLong(section.length());
    }
    return out.putInt(LENGTH - 4, checksum(bytes)).array();
  }

  /**
   * @param length of the whole file
   * @param file the name for messages
   */
  static TableHeader decode(byte[] bytes, long length, String file) {
    if (bytes.length < MAGIC.length
        || !Arrays.equals(bytes, 0, MAGIC.length, MAGIC, 0, MAGIC.length)) {
      throw corrupt("this is no table of n-grams", file, 0);
    }
    if (bytes.length < LENGTH) {
      throw corrupt("the table is cut off inside its header", file, bytes.length);
    }
    ByteBuffer in = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    int version = in.getInt(16);
    int mark = in.getInt(20);
    if (mark == 0 && version == 0) {
      throw corrupt("the table is not complete: writing it was interrupted", file, 20);
    }
    if (in.getInt(LENGTH - 4) != checksum(bytes)) {
      throw corrupt("the checksum of the table's header is wrong", file, LENGTH - 4);
    }
    if (version != VERSION || mark != COMPLETE) {
      throw corrupt("the table has version " + version + ", expected " + VERSION, file, 16);
    }
    int order = bounded(in.getInt(28), 1, KneserNeyOptions.MAX_ORDER, file, 28);
    int flags = bounded(in.getInt(32), 0, SUFFIX_CLOSED | QUANTIZED, file, 32);
    int sectionCount = bounded(in.getInt(36), 0, MAX_SECTIONS, file, 36);
    long fileLength = in.getLong(40);
    if (fileLength != length) {
      throw corrupt(
          "the table is "
              + (length < fileLength ? "cut off" : "too long")
              + ": "
              + length
              + " bytes, its header says "
              + fileLength,
          file,
          Math.min(length, fileLength));
    }
    List<Long> counts = new ArrayList<>();
    for (int k = 0; k < order; k++) {
      counts.add(in.getLong(COUNTS_AT + 8 * k));
    }
    List<Section> sections = new ArrayList<>();
    for (int i = 0; i < sectionCount; i++) {
      int at = SECTIONS_AT + SECTION_BYTES * i;
      Section section =
          new Section(in.getInt(at), in.getLong(at + 8), in.getLong(at + 16), in.getInt(at + 4));
      if (section.offset() < LENGTH
          || section.length() < 0
          || section.offset() > length - section.length()) {
        throw corrupt("a section of the table lies outside the file", file, at);
      }
      sections.add(section);
    }
    TableLayout layout =
        TableLayout.values()[bounded(in.getInt(24), 0, TableLayout.values().length - 1, file, 24)];
    return new TableHeader(
        layout, (flags & SUFFIX_CLOSED) != 0, (flags & QUANTIZED) != 0, length, counts, sections);
  }

  private static int bounded(int value, int least, int most, String file, int offset) {
    if (value < least || value > most) {
      throw corrupt("the table's header holds the value " + value, file, offset);
    }
    return value;
  }

  private static int checksum(byte[] bytes) {
    CRC32C crc = new CRC32C();
    crc.update(bytes, 0, LENGTH - 4);
    return (int) crc.getValue();
  }

  static WordmillException corrupt(String what, String file, long offset) {
    return new WordmillException(
        ExitCode.CORRUPT,
        what,
        file + " at byte " + offset,
        "copy it again, or pack it again from the ARPA file");
  }
}
