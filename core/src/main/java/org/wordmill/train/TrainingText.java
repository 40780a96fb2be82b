package org.wordmill.train;

import java.nio.ByteBuffer;
import java.util.zip.CRC32C;

/**
 * What a run has to remember of its training text, to be sure when it is resumed that it goes on
 * with the same.
 *
 * @param tokenizer the tokenizer's file
 * @param checksum of the tokens
 * @param windows of one epoch, or sentences
 */
public record TrainingText(String tokenizer, long checksum, long windows) {
  private static final int PIECE = 1 << 14;

  /** The CRC32C of all ids, four bytes each. */
  public static long checksum(Tokens tokens) {
    CRC32C crc = new CRC32C();
    int[] ids = new int[PIECE];
    ByteBuffer bytes = ByteBuffer.allocate(PIECE * Integer.BYTES);
    for (long at = 0; at < tokens.size(); at += PIECE) {
      int length = (int) Math.min(PIECE, tokens.size() - at);
      tokens.copy(at, ids, 0, length);
      bytes.asIntBuffer().put(ids, 0, length);
      crc.update(bytes.array(), 0, length * Integer.BYTES);
    }
    return crc.getValue();
  }
}
