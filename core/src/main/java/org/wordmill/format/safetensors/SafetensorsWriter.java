package org.wordmill.format.safetensors;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.wordmill.format.json.Json;

/**
 * Writes a safetensors file of F32 arrays as a stream: the header from names and shapes alone, then
 * one array after the other, so that no more than one lies in the heap. The header ends in spaces
 * where that lets the data begin at a multiple of 8 bytes. Equal arrays give equal bytes.
 *
 * @see SafetensorsReader
 */
public final class SafetensorsWriter {
  private static final int ALIGNMENT = 8;
  private static final int PIECE = 1 << 18;

  private SafetensorsWriter() {}

  /** An array that is to be written. */
  public record Shaped(String name, List<Long> shape) {
    public Shaped {
      shape = List.copyOf(shape);
    }

    long size() {
      return shape.stream().reduce(1L, Math::multiplyExact);
    }
  }

  /** Where the values come from. */
  public interface Values {
    /** All elements of an array, row by row; asked for once, in the order of the file. */
    float[] of(String name);
  }

  /**
   * @param tensors in the order in which they will lie in the file
   * @param metadata written into the header when it is not empty
   * @param out not closed here
   */
  public static void write(
      List<Shaped> tensors, Map<String, String> metadata, Values values, OutputStream out)
      throws IOException {
    byte[] header = header(tensors, metadata);
    int padded = (header.length + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
    out.write(
        ByteBuffer.allocate(Long.BYTES).order(ByteOrder.LITTLE_ENDIAN).putLong(padded).array());
    out.write(header);
    out.write(" ".repeat(padded - header.length).getBytes(StandardCharsets.UTF_8));
    for (Shaped tensor : tensors) {
      float[] elements = values.of(tensor.name());
      if (elements.length != tensor.size()) {
        throw new IllegalArgumentException(
            elements.length + " values for " + tensor.name() + tensor.shape());
      }
      write(elements, out);
    }
  }

  private static byte[] header(List<Shaped> tensors, Map<String, String> metadata) {
    Map<String, Object> header = new LinkedHashMap<>();
    if (!metadata.isEmpty()) {
      header.put(Header.METADATA, metadata);
    }
    long at = 0;
    for (Shaped tensor : tensors) {
      long end = at + tensor.size() * Float.BYTES;
      Map<String, Object> info = new LinkedHashMap<>();
      info.put("dtype", "F32");
      info.put("shape", tensor.shape());
      info.put("data_offsets", List.of(at, end));
      if (tensor.name().equals(Header.METADATA) || header.put(tensor.name(), info) != null) {
        throw new IllegalArgumentException("the name " + tensor.name() + " is taken");
      }
      at = end;
    }
    byte[] json = Json.write(header).getBytes(StandardCharsets.UTF_8);
    if (json.length > SafetensorsReader.MAX_HEADER) {
      throw new IllegalArgumentException("a header of " + json.length + " bytes");
    }
    return json;
  }

  private static void write(float[] elements, OutputStream out) throws IOException {
    ByteBuffer bytes =
        ByteBuffer.allocate(Math.min(PIECE, Math.max(1, elements.length)) * Float.BYTES)
            .order(ByteOrder.LITTLE_ENDIAN);
    for (int at = 0; at < elements.length; at += PIECE) {
      int length = Math.min(PIECE, elements.length - at);
      bytes.asFloatBuffer().put(elements, at, length);
      out.write(bytes.array(), 0, length * Float.BYTES);
    }
  }
}
