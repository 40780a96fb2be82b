package org.wordmill.checkpoint;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.zip.CRC32C;
import org.wordmill.kernel.Tensor;

/**
 * A flat vector as a file: 32-bit floats, little-endian, in the order of the vector, and nothing
 * else ({@code numpy.fromfile(name, "<f4")} reads it). Moved in pieces, so that a large vector
 * never lies in the heap as a whole.
 */
final class VectorFile {
  /** Elements at once; so few that neither array is a large object to the garbage collector. */
  private static final int PIECE = 1 << 16;

  private VectorFile() {}

  static void write(Tensor vector, OutputStream out, CRC32C crc) throws IOException {
    ByteBuffer bytes = ByteBuffer.allocate(PIECE * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    float[] piece = new float[0];
    for (long at = 0; at < vector.size(); at += PIECE) {
      int length = (int) Math.min(PIECE, vector.size() - at);
      piece = piece.length == length ? piece : new float[length];
      vector.view(at, length).copyTo(piece);
      bytes.asFloatBuffer().put(piece);
      crc.update(bytes.array(), 0, length * Float.BYTES);
      out.write(bytes.array(), 0, length * Float.BYTES);
    }
  }

  /** Fills {@code vector}; what it holds after an exception is arbitrary. */
  static void read(InputStream in, Tensor vector, CRC32C crc) throws IOException {
    ByteBuffer bytes = ByteBuffer.allocate(PIECE * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    float[] piece = new float[0];
    for (long at = 0; at < vector.size(); at += PIECE) {
      int length = (int) Math.min(PIECE, vector.size() - at);
      if (in.readNBytes(bytes.array(), 0, length * Float.BYTES) < length * Float.BYTES) {
        throw new EOFException("the vector ends before element " + (at + length));
      }
      crc.update(bytes.array(), 0, length * Float.BYTES);
      piece = piece.length == length ? piece : new float[length];
      bytes.asFloatBuffer().get(piece);
      vector.view(at, length).copyFrom(piece);
    }
  }
}
