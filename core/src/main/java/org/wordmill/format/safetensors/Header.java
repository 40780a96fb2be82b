package org.wordmill.format.safetensors;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.wordmill.error.ExitCode;
import org.wordmill.error.WordmillException;
import org.wordmill.format.json.Json;

/**
 * The JSON object at the beginning of a file, checked: {@code {"name": {"dtype", "shape",
 * "data_offsets": [begin, end]}, ..., "__metadata__": {string: string}}}. The arrays fill the bytes
 * after the header without a hole or an overlap, and each has exactly the bytes that its type and
 * shape need.
 *
 * @param tensors in the order of their bytes
 */
record Header(List<TensorInfo> tensors, Map<String, String> metadata) {
  static final String METADATA = "__metadata__";
  private static final int SHOWN = 80;

  /** More dimensions than any array has that a program computes with. */
  private static final int MAX_RANK = 32;

  /**
   * @param dataLength the bytes of the file after the header
   * @throws WordmillException CORRUPT when it is not such a header
   */
  static Header parse(String json, long dataLength, String where) {
    if (!json.startsWith("{")) {
      throw corrupt("the header does not begin with '{'", where);
    }
    JsonNode root = Json.parse(json, where);
    List<TensorInfo> tensors = new ArrayList<>();
    Map<String, String> metadata = Map.of();
    Iterator<Map.Entry<String, JsonNode>> fields = root.fields();
    while (fields.hasNext()) {
      Map.Entry<String, JsonNode> field = fields.next();
      if (field.getKey().equals(METADATA)) {
        metadata = metadata(field.getValue(), where);
      } else {
        tensors.add(tensor(field.getKey(), field.getValue(), where));
      }
    }
    tensors.sort(Comparator.comparingLong(TensorInfo::begin).thenComparingLong(TensorInfo::end));
    requireNoGap(tensors, dataLength, where);
    return new Header(List.copyOf(tensors), metadata);
  }

  private static Map<String, String> metadata(JsonNode object, String where) {
    if (!object.isObject()) {
      throw corrupt(METADATA + " is not an object", where);
    }
    Map<String, String> metadata = new LinkedHashMap<>();
    Iterator<Map.Entry<String, JsonNode>> fields = object.fields();
    while (fields.hasNext()) {
      Map.Entry<String, JsonNode> field = fields.next();
      if (!field.getValue().isTextual()) {
        throw corrupt(METADATA + "." + shown(field.getKey()) + " is not a string", where);
      }
      metadata.put(field.getKey(), field.getValue().textValue());
    }
    return metadata;
  }

  private static TensorInfo tensor(String name, JsonNode object, String where) {
    String what = "the tensor " + shown(name);
    JsonNode type = object.path("dtype");
    JsonNode shape = object.path("shape");
    JsonNode offsets = object.path("data_offsets");
    if (object.size() != 3 || !type.isTextual() || !shape.isArray() || !offsets.isArray()) {
      throw corrupt(what + " is not described by dtype, shape and data_offsets alone", where);
    }
    Dtype dtype =
        Dtype.of(type.textValue())
            .orElseThrow(
                () -> corrupt(what + " has the unknown dtype " + shown(type.textValue()), where));
    if (shape.size() > MAX_RANK || offsets.size() != 2) {
      throw corrupt(
          what + " has " + shape.size() + " dimensions and " + offsets.size() + " offsets", where);
    }
    List<Long> extents = new ArrayList<>();
    for (JsonNode extent : shape) {
      extents.add(natural(extent, what, where));
    }
    long begin = natural(offsets.path(0), what, where);
    long end = natural(offsets.path(1), what, where);
    long bytes = bytes(dtype, extents, what, where);
    if (end < begin || end - begin != bytes) {
      throw corrupt(
          what
              + " needs "
              + bytes
              + " bytes for "
              + dtype
              + extents
              + ", and its offsets are "
              + begin
              + " and "
              + end,
          where);
    }
    return new TensorInfo(name, dtype, extents, begin, end);
  }

  private static long natural(JsonNode number, String what, String where) {
    if (!number.isIntegralNumber() || !number.canConvertToLong() || number.longValue() < 0) {
      throw corrupt(what + " has " + shown(number.toString()) + " where a size belongs", where);
    }
    return number.longValue();
  }

  private static long bytes(Dtype dtype, List<Long> shape, String what, String where) {
    try {
      long bytes = dtype.bytes();
      for (long extent : shape) {
        bytes = Math.multiplyExact(bytes, extent);
      }
      return bytes;
    } catch (ArithmeticException e) {
      throw new WordmillException(
          ExitCode.CORRUPT, what + " of shape " + shape + " is too large to be", where, "", e);
    }
  }

  private static void requireNoGap(List<TensorInfo> sorted, long dataLength, String where) {
    long at = 0;
    for (TensorInfo tensor : sorted) {
      if (tensor.begin() != at) {
        throw corrupt(
            "the tensor "
                + shown(tensor.name())
                + " begins at byte "
                + tensor.begin()
                + " of the data, the one before ends at "
                + at,
            where);
      }
      at = tensor.end();
    }
    if (at != dataLength) {
      throw corrupt(
          "the header describes "
              + at
              + " bytes of data, the file has "
              + dataLength
              + (dataLength < at ? ": it is cut off" : ""),
          where);
    }
  }

  /** A string of the file for a message: in quotes, not too long, printable. */
  static String shown(String text) {
    StringBuilder shown = new StringBuilder("'");
    text.codePoints()
        .limit(SHOWN)
        .forEach(c -> shown.appendCodePoint(Character.isISOControl(c) ? '?' : c));
    return shown.append(text.codePointCount(0, text.length()) > SHOWN ? "...'" : "'").toString();
  }

  static WordmillException corrupt(String what, String where) {
    return new WordmillException(
        ExitCode.CORRUPT, "not a safetensors file: " + what, where, "get the file anew");
  }
}
