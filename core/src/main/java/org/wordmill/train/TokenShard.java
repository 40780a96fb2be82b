package org.wordmill.train;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.zip.CRC32C;
import java.util.zip.CheckedOutputStream;
import org.wordmill.error.ExitCode;
import org.wordmill.error.WordmillException;

/**
 * A token shard: one file of token ids, a part of a corpus.
 *
 * <pre>
 * bytes 0-7    magic "WMTOKENS"
 *       8-11   version, 1              (all numbers little-endian)
 *      12-15   bytes per id: 2 (unsigned) or 4
 *      16-23   n, the number of ids
 *      24-     n ids
 *      last 4  CRC32C of all bytes before
 * </pre>
 *
 * At most 2^31 - 64 bytes, so that a shard is mapped into memory as one. {@link ShardTokens} reads
 * it.
 */
public final class TokenShard {
  static final int HEADER = 24;
  static final int FOOTER = 4;
  private static final byte[] MAGIC = "WMTOKENS".getBytes(StandardCharsets.US_ASCII);
  private static final int VERSION = 1;
  private static final int PIECE = 1 << 16;

  private TokenShard() {}

  /** What a header says. */
  record Layout(int width, long count) {}

  /** Bytes of each id of a vocabulary: 2 for the sizes up to 65,536, 4 for larger ones. */
  public static int width(int vocabularySize) {
    return vocabularySize <= 1 << Character.SIZE ? Character.BYTES : Integer.BYTES;
  }

  /**
   * Writes a shard.
   *
   * @param vocabularySize decides the bytes per id
   * @return the CRC32C that ends the file
   */
  public static int write(int[] ids, int vocabularySize, OutputStream out) throws IOException {
    return write(ids, ids.length, vocabularySize, out);
  }

  /**
   * Writes a shard.
   *
   * @param count how many of the ids, from the first on
   * @param vocabularySize decides the bytes per id
   * @return the CRC32C that ends the file
   */
  public static int write(int[] ids, int count, int vocabularySize, OutputStream out)
      throws IOException {
    int width = width(vocabularySize);
    CheckedOutputStream checked = new CheckedOutputStream(out, new CRC32C());
    ByteBuffer header = little(HEADER);
    header.put(MAGIC).putInt(VERSION).putInt(width).putLong(count);
    checked.write(header.array());
    ByteBuffer piece = little(PIECE);
    for (int i = 0; i < count; i++) {
      int id = ids[i];
      if (id < 0 || id >= vocabularySize) {
        throw new IllegalArgumentException(
            "the id " + id + " is not in a vocabulary of " + vocabularySize);
      }
      if (width == Character.BYTES) {
        piece.putChar((char) id);
      } else {
        piece.putInt(id);
      }
      if (!piece.hasRemaining()) {
        checked.write(piece.array());
        piece.clear();
      }
    }
    checked.write(piece.array(), 0, piece.position());
    int crc = (int) checked.getChecksum().getValue();
    out.write(little(FOOTER).putInt(crc).array());
    return crc;
  }

  /**
   * Reads the header of a file of some length.
   *
   * @param header its first {@value #HEADER} bytes, little-endian
   * @throws WordmillException CORRUPT when no whole shard begins like that
   */
  static Layout layout(ByteBuffer header, long length, String where) {
    byte[] magic = new byte[MAGIC.length];
    header.get(magic);
    int version = header.getInt();
    int width = header.getInt();
    long count = header.getLong();
    if (!Arrays.equals(magic, MAGIC) || version != VERSION) {
      throw corrupt("not a token shard of version " + VERSION, where);
    }
    if ((width != Character.BYTES && width != Integer.BYTES)
        || count < 0
        || count > (Integer.MAX_VALUE - 64) / width
        || length != HEADER + count * width + FOOTER) {
      throw corrupt(
          "a token shard of "
              + length
              + " bytes, whose header says "
              + count
              + " ids of "
              + width
              + " bytes",
          where);
    }
    return new Layout(width, count);
  }

  private static ByteBuffer little(int capacity) {
    return ByteBuffer.allocate(capacity).order(ByteOrder.LITTLE_ENDIAN);
  }

  static WordmillException corrupt(String what, String where) {
    return new WordmillException(
        ExitCode.CORRUPT, what, where, "make the tokens again from their text");
  }
}
