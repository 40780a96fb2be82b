package org.wordmill.format.safetensors;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.wordmill.error.ExitCode;
import org.wordmill.error.WordmillException;
import org.wordmill.format.json.Json;

/**
 * The index of a model in several safetensors files: {@code {"metadata": {...}, "weight_map":
 * {tensor: file}}}.
 *
 * @param files the file of each tensor: a plain name of a file beside the index, never a path
 */
public record ShardIndex(Map<String, String> files) {
  private static final Pattern FILE = Pattern.compile("[A-Za-z0-9_][A-Za-z0-9_.-]{0,200}");

  public ShardIndex {
    files = new LinkedHashMap<>(files);
  }

  /** The files, each once, in the order of the index. */
  public List<String> shards() {
    return List.copyOf(new LinkedHashSet<>(files.values()));
  }

  /**
   * @param where the file's name, for messages
   * @throws WordmillException CORRUPT when it is no index, or names a file that is a path
   */
  public static ShardIndex parse(String json, String where) {
    JsonNode map = Json.parse(json, where).path("weight_map");
    if (!map.isObject() || map.isEmpty()) {
      throw corrupt("there is no weight_map in the index", where);
    }
    Map<String, String> files = new LinkedHashMap<>();
    Iterator<Map.Entry<String, JsonNode>> fields = map.fields();
    while (fields.hasNext()) {
      Map.Entry<String, JsonNode> field = fields.next();
      String file = field.getValue().asText();
      if (!field.getValue().isTextual() || !FILE.matcher(file).matches()) {
        throw corrupt(
            "the index gives "
                + Header.shown(file)
                + " as the file of "
                + Header.shown(field.getKey())
                + ", which is not the plain name of a file",
            where);
      }
      files.put(field.getKey(), file);
    }
    return new ShardIndex(files);
  }

  /**
   * Checks that a shard holds the tensors that the index says, all of them and no other.
   *
   * @throws WordmillException CORRUPT when it does not
   */
  public void requireTensors(String shard, List<TensorInfo> tensors, String where) {
    Map<String, String> expected = new LinkedHashMap<>(files);
    expected.values().removeIf(file -> !file.equals(shard));
    for (TensorInfo tensor : tensors) {
      if (expected.remove(tensor.name()) == null) {
        throw corrupt(
            "the tensor " + Header.shown(tensor.name()) + " is not of this file by the index",
            where);
      }
    }
    for (String missing : expected.keySet()) {
      throw corrupt(
          "the tensor " + Header.shown(missing) + " of the index is not in the file", where);
    }
  }

  private static WordmillException corrupt(String what, String where) {
    return new WordmillException(ExitCode.CORRUPT, what, where, "get the files anew");
  }
}
