package org.wordmill.train;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Objects;
import java.util.zip.CRC32C;
import org.wordmill.error.ExitCode;
import org.wordmill.error.WordmillException;

/**
 * The ids of a {@link TokenShard}, read by range from where they lie. What is read is checked
 * against the vocabulary; {@link #verify} reads everything and compares the checksum.
 */
public final class ShardTokens implements Tokens {
  private static final int PIECE = 1 << 20;

  private final ByteRange bytes;
  private final TokenShard.Layout layout;
  private final String where;
  private final int vocabularySize;

  private ShardTokens(ByteRange bytes, TokenShard.Layout layout, String where, int vocabularySize) {
    this.bytes = bytes;
    this.layout = layout;
    this.where = where;
    this.vocabularySize = vocabularySize;
  }

  /**
   * Opens a shard; reads its header only.
   *
   * @param length of the file in bytes
   * @param where the file's name, for messages
   * @param vocabularySize every id must be below it
   * @throws WordmillException CORRUPT when the file is not a whole shard; STORAGE when it cannot be
   *     read
   */
  public static ShardTokens open(ByteRange bytes, long length, String where, int vocabularySize) {
    if (length < TokenShard.HEADER + TokenShard.FOOTER) {
      throw TokenShard.corrupt("the token shard is cut off", where);
    }
    ByteBuffer header = read(bytes, 0, TokenShard.HEADER, where);
    return new ShardTokens(bytes, TokenShard.layout(header, length, where), where, vocabularySize);
  }

  private static ByteBuffer read(ByteRange bytes, long position, int length, String where) {
    try {
      return bytes.read(position, length).order(ByteOrder.LITTLE_ENDIAN);
    } catch (IOException e) {
      throw new WordmillException(
          ExitCode.STORAGE,
          "the token shard cannot be read: " + e,
          where,
          "check that it is there and permitted",
          e);
    }
  }

  @Override
  public long size() {
    return layout.count();
  }

  /** Bytes of each id. */
  public int width() {
    return layout.width();
  }

  /**
   * @throws WordmillException BAD_INPUT when an id does not belong to the vocabulary, STORAGE when
   *     the file cannot be read
   */
  @Override
  public void copy(long from, int[] into, int offset, int length) {
    Objects.checkFromIndexSize(from, length, size());
    int width = layout.width();
    ByteBuffer some =
        read(bytes, TokenShard.HEADER + from * width, Math.multiplyExact(length, width), where);
    for (int i = 0; i < length; i++) {
      int id = width == Character.BYTES ? some.getChar() : some.getInt();
      if (id < 0 || id >= vocabularySize) {
        throw stranger(id, from + i);
      }
      into[offset + i] = id;
    }
  }

  /**
   * Reads the whole file.
   *
   * @return the CRC32C that ends it
   * @throws WordmillException CORRUPT when the checksum does not agree; BAD_INPUT when it does and
   *     an id does not belong to the vocabulary; STORAGE when the file cannot be read
   */
  public int verify() {
    CRC32C crc = new CRC32C();
    crc.update(read(bytes, 0, TokenShard.HEADER, where));
    int width = layout.width();
    long strangerAt = -1;
    int stranger = 0;
    for (long done = 0; done < size(); ) {
      int ids = (int) Math.min(PIECE / width, size() - done);
      ByteBuffer piece = read(bytes, TokenShard.HEADER + done * width, ids * width, where);
      crc.update(piece.duplicate());
      for (int i = 0; i < ids && strangerAt < 0; i++) {
        int id = width == Character.BYTES ? piece.getChar() : piece.getInt();
        if (id < 0 || id >= vocabularySize) {
          strangerAt = done + i;
          stranger = id;
        }
      }
      done += ids;
    }
    int footer = read(bytes, TokenShard.HEADER + size() * width, TokenShard.FOOTER, where).getInt();
    if (footer != (int) crc.getValue()) {
      throw TokenShard.corrupt("the checksum of the token shard does not agree", where);
    }
    if (strangerAt >= 0) {
      throw stranger(stranger, strangerAt);
    }
    return footer;
  }

  private WordmillException stranger(int id, long index) {
    return new WordmillException(
        ExitCode.BAD_INPUT,
        "the token id "
            + Integer.toUnsignedString(id)
            + " does not belong to a vocabulary of "
            + vocabularySize,
        where + " at byte " + (TokenShard.HEADER + index * layout.width()),
        "encode the text again with the tokenizer of this model");
  }
}
