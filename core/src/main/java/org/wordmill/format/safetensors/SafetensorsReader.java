package org.wordmill.format.safetensors;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.wordmill.error.ExitCode;
import org.wordmill.error.WordmillException;

/**
 * Reads a safetensors file from its beginning to its end.
 *
 * <pre>
 * bytes 0..7      the length N of the header, little-endian
 * bytes 8..8+N    the header: JSON in UTF-8, which may end in spaces
 * the rest        the arrays, row by row, each where the header says
 * </pre>
 *
 * <p>Nothing in the file is trusted: what the header says is held against the length of the file
 * before anything is allocated. Values are not checked; a file that was changed inside an array
 * reads as other numbers.
 *
 * <p>Source: the format's description by Hugging Face, 2023.
 */
public final class SafetensorsReader {
  /** The longest header that is read, in bytes, as in the description of the format. */
  public static final int MAX_HEADER = 100_000_000;

  private static final int PIECE = 1 << 20;

  private final InputStream in;
  private final String where;
  private final Header header;
  private long position;

  private SafetensorsReader(InputStream in, String where, Header header) {
    this.in = in;
    this.where = where;
    this.header = header;
  }

  /**
   * Reads and checks the header.
   *
   * @param in the file from its first byte; not closed here
   * @param length of the file in bytes
   * @param where the file's name, for messages
   * @throws WordmillException CORRUPT when it is not a safetensors file
   */
  public static SafetensorsReader open(InputStream in, long length, String where)
      throws IOException {
    byte[] prefix = in.readNBytes(Long.BYTES);
    if (prefix.length < Long.BYTES) {
      throw Header.corrupt("it has " + prefix.length + " bytes", where);
    }
    long headerLength = ByteBuffer.wrap(prefix).order(ByteOrder.LITTLE_ENDIAN).getLong();
    if (headerLength < 0 || headerLength > MAX_HEADER || headerLength > length - Long.BYTES) {
      throw Header.corrupt(
          "its first 8 bytes say that the header has "
              + Long.toUnsignedString(headerLength)
              + " bytes; the file has "
              + length
              + ", and the limit is "
              + MAX_HEADER,
          where);
    }
    byte[] json = in.readNBytes((int) headerLength);
    if (json.length < headerLength) {
      throw Header.corrupt("it ends inside the header", where);
    }
    Header header = Header.parse(utf8(json, where), length - Long.BYTES - headerLength, where);
    return new SafetensorsReader(in, where, header);
  }

  private static String utf8(byte[] bytes, String where) {
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
    } catch (CharacterCodingException e) {
      throw new WordmillException(
          ExitCode.CORRUPT, "not a safetensors file: the header is not UTF-8", where, "", e);
    }
  }

  /** What the file holds, in the order of its bytes. */
  public List<TensorInfo> tensors() {
    return header.tensors();
  }

  /** What else the header says, by key. */
  public Map<String, String> metadata() {
    return header.metadata();
  }

  /**
   * The values of one array, row by row, widened to floats where they are narrower. Arrays are read
   * in the order of {@link #tensors}; those that are left out are skipped.
   *
   * @throws WordmillException CORRUPT when the file ends too early, or the array is of a type whose
   *     values are not all floats, or longer than a Java array
   */
  public float[] read(TensorInfo tensor) throws IOException {
    if (!header.tensors().contains(tensor) || tensor.begin() < position) {
      throw new IllegalArgumentException(tensor + " is not ahead in this file");
    }
    if (!tensor.dtype().isReadAsFloat()) {
      throw new WordmillException(
          ExitCode.CORRUPT,
          "the tensor "
              + Header.shown(tensor.name())
              + " is of "
              + tensor.dtype()
              + ", expected F32, F16 or BF16",
          where,
          "convert it to one of these types");
    }
    if (tensor.size() > Integer.MAX_VALUE - 8) {
      throw new WordmillException(
          ExitCode.CORRUPT,
          "the tensor " + Header.shown(tensor.name()) + " has " + tensor.size() + " elements",
          where,
          "tensors of 2^31 elements and more cannot be read");
    }
    skipTo(tensor.begin());
    float[] values = new float[(int) tensor.size()];
    int width = tensor.dtype().bytes();
    byte[] bytes = new byte[(int) Math.min(PIECE, tensor.end() - tensor.begin())];
    for (int at = 0; at < values.length; ) {
      int count = Math.min(bytes.length / width, values.length - at);
      if (in.readNBytes(bytes, 0, count * width) < count * width) {
        throw Header.corrupt("it ends inside the tensor " + Header.shown(tensor.name()), where);
      }
      ByteBuffer piece = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
      tensor.dtype().widen(piece, values, at, count);
      at += count;
    }
    position = tensor.end();
    return values;
  }

  private void skipTo(long begin) throws IOException {
    try {
      in.skipNBytes(begin - position);
    } catch (EOFException e) {
      throw new WordmillException(
          ExitCode.CORRUPT, "the file ends before byte " + begin + " of its data", where, "", e);
    }
  }
}
