package org.wordmill.train;

import java.io.IOException;
import java.io.InputStream;
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
 * At most 2^31 - 64 bytes, so that a shard is one array in memory.
 */
public final class TokenShard {
  private static final byte[] MAGIC = "WMTOKENS".getBytes(StandardCharsets.US_ASCII);
  private static final int VERSION = 1;
  private static final int HEADER = 24;
  private static final int FOOTER = 4;
  private static final int PIECE = 1 << 16;

  private TokenShard() {}

  /**
   * Writes a shard.
   *
   * @param vocabularySize decides the bytes per id
   */
  public static void write(int[] ids, int vocabularySize, OutputStream out) throws IOException {
    int width = vocabularySize <= 1 << Character.SIZE ? Character.BYTES : Integer.BYTES;
    CheckedOutputStream checked = new CheckedOutputStream(out, new CRC32C());
    ByteBuffer header = little(HEADER);
    header.put(MAGIC).putInt(VERSION).putInt(width).putLong(ids.length);
    checked.write(header.array());
    ByteBuffer piece = little(PIECE);
    for (int id : ids) {
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
    out.write(little(FOOTER).putInt((int) checked.getChecksum().getValue()).array());
  }

  /**
   * Reads a whole shard.
   *
   * @param length of the file in bytes
   * @param where the file's name, for messages
   * @param vocabularySize every id must be below it
   * @throws WordmillException CORRUPT when the file is not a whole shard; BAD_INPUT when an id does
   *     not belong to the vocabulary
   */
  public static Tokens read(InputStream in, long length, String where, int vocabularySize)
      throws IOException {
    CRC32C crc = new CRC32C();
    ByteBuffer header = little(HEADER);
    fill(in, header, HEADER, where);
    crc.update(header.array());
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
    char[] narrow = new char[width == Character.BYTES ? (int) count : 0];
    int[] wide = new int[width == Integer.BYTES ? (int) count : 0];
    long strangerAt = -1;
    ByteBuffer piece = little(PIECE);
    for (int done = 0; done < count; ) {
      int ids = (int) Math.min(PIECE / width, count - done);
      fill(in, piece, ids * width, where);
      crc.update(piece.array(), 0, ids * width);
      for (int i = done; i < done + ids; i++) {
        int id = width == Character.BYTES ? piece.getChar() : piece.getInt();
        if (width == Character.BYTES) {
          narrow[i] = (char) id;
        } else {
          wide[i] = id;
        }
        if ((id < 0 || id >= vocabularySize) && strangerAt < 0) {
          strangerAt = i;
        }
      }
      done += ids;
    }
    ByteBuffer footer = little(FOOTER);
    fill(in, footer, FOOTER, where);
    if (footer.getInt() != (int) crc.getValue()) {
      throw corrupt("the checksum of the token shard does not agree", where);
    }
    if (strangerAt >= 0) {
      int at = (int) strangerAt;
      throw new WordmillException(
          ExitCode.BAD_INPUT,
          "the token id "
              + Integer.toUnsignedString(width == Character.BYTES ? narrow[at] : wide[at])
              + " does not belong to a vocabulary of "
              + vocabularySize,
          where + " at byte " + (HEADER + strangerAt * width),
          "encode the text again with the tokenizer of this model");
    }
    return width == Character.BYTES ? TokenArray.ofUnsigned(narrow) : TokenArray.ofInts(wide);
  }

  private static void fill(InputStream in, ByteBuffer buffer, int length, String where)
      throws IOException {
    buffer.clear();
    if (in.readNBytes(buffer.array(), 0, length) < length) {
      throw corrupt("the token shard is cut off", where);
    }
  }

  private static ByteBuffer little(int capacity) {
    return ByteBuffer.allocate(capacity).order(ByteOrder.LITTLE_ENDIAN);
  }

  private static WordmillException corrupt(String what, String where) {
    return new WordmillException(
        ExitCode.CORRUPT, what, where, "delete the folder of tokens, and it is made anew");
  }
}
