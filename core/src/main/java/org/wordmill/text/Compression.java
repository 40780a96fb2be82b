package org.wordmill.text;

import java.util.Arrays;
import java.util.HexFormat;
import java.util.Optional;
import org.wordmill.error.ExitCode;
import org.wordmill.error.WordmillException;

/**
 * The compressions that files of text come in, by the first bytes of a file or the end of a name.
 */
public enum Compression {
  GZIP(".gz", "1f8b08", 3),
  BZIP2(".bz2", "425a68", 4),
  XZ(".xz", "fd377a585a00", 4),
  ZSTANDARD(".zst", "28b52ffd", 3);

  /** How many bytes of a file's beginning tell. */
  public static final int BEGINNING = 10;

  /** What a block of bzip2 begins with, and the end of an empty file: text may begin with BZh. */
  private static final byte[] BLOCK = HexFormat.of().parseHex("314159265359");

  private static final byte[] NO_BLOCK = HexFormat.of().parseHex("177245385090");
  private static final int BLOCK_AT = 4;

  private final String suffix;
  private final byte[] magic;
  private final int usualRatio;

  Compression(String suffix, String magic, int usualRatio) {
    this.suffix = suffix;
    this.usualRatio = usualRatio;
    this.magic = HexFormat.of().parseHex(magic);
  }

  /** What names of such files end in, {@code .gz}. */
  public String suffix() {
    return suffix;
  }

  /** How many times its compressed size a text usually has. */
  public int usualRatio() {
    return usualRatio;
  }

  /** The compression that the end of a name tells of. */
  public static Optional<Compression> ofName(String name) {
    return Arrays.stream(values()).filter(one -> name.endsWith(one.suffix)).findFirst();
  }

  /**
   * The compression that a file has by its beginning.
   *
   * @param beginning its first {@link #BEGINNING} bytes, or all of a shorter file
   */
  public static Optional<Compression> ofBytes(byte[] beginning) {
    return Arrays.stream(values()).filter(one -> one.begins(beginning)).findFirst();
  }

  private boolean begins(byte[] file) {
    boolean found =
        file.length >= magic.length && Arrays.equals(file, 0, magic.length, magic, 0, magic.length);
    return found && (this != BZIP2 || hasAt(file, BLOCK) || hasAt(file, NO_BLOCK));
  }

  private static boolean hasAt(byte[] file, byte[] expected) {
    int end = BLOCK_AT + expected.length;
    return file.length >= end && Arrays.equals(file, BLOCK_AT, end, expected, 0, expected.length);
  }

  /** The fault of a compressed file whose name says that it is plain. */
  public WordmillException disguised(String file) {
    return new WordmillException(
        ExitCode.BAD_INPUT,
        "the file is compressed (" + this + "), and its name does not say so",
        file,
        "rename it so that it ends in " + suffix + ", or decompress it");
  }

  @Override
  public String toString() {
    return suffix.substring(1);
  }
}
