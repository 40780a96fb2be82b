package org.wordmill.checkpoint;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.TreeMap;
import java.util.zip.CRC32C;
import org.wordmill.error.ExitCode;
import org.wordmill.error.WordmillException;
import org.wordmill.format.json.Json;
import org.wordmill.tape.Parameter;
import org.wordmill.tape.ParameterLayout;

/**
 * What a checkpoint consists of: {@code manifest.json}, the file that is written last and makes the
 * others a checkpoint.
 *
 * <pre>
 * { "format": "wordmill-checkpoint", "version": 1, "step", "validation_loss" (or null),
 *   "progress": {name: number}, "history": {name: [numbers]} where there is one, "config": {...}, "kernels": name of those that trained,
 *   "parameters": [{"name", "shape", "offset"}], offsets in elements,
 *   "vector_length": elements of each vector,
 *   "files": [{"name", "bytes", "crc32c"}],
 *   "manifest_crc32c": of all bytes before the comma in front of this key }
 * </pre>
 *
 * @param directory the checkpoint's directory in its store
 * @param history numbers of the last steps by name, the oldest first; none in the first checkpoints
 * @param kernels which kernels trained it; the first checkpoints did not say
 */
public record Manifest(
    String directory,
    long step,
    OptionalDouble validationLoss,
    Map<String, Long> progress,
    Map<String, List<Double>> history,
    JsonNode config,
    Optional<String> kernels,
    JsonNode parameters,
    long vectorLength,
    List<Entry> files) {

  /** The name of the file. */
  public static final String FILE = "manifest.json";

  private static final String FORMAT = "wordmill-checkpoint";
  private static final int VERSION = 1;
  private static final String SEAL = ",\"manifest_crc32c\":\"";

  /** A file of the checkpoint. */
  public record Entry(String name, long bytes, String crc32c) {}

  static String write(Snapshot snapshot, List<Entry> files) {
    Map<String, Object> content = new LinkedHashMap<>();
    content.put("format", FORMAT);
    content.put("version", VERSION);
    content.put("step", snapshot.step());
    content.put(
        "validation_loss",
        snapshot.validationLoss().isPresent() ? snapshot.validationLoss().getAsDouble() : null);
    content.put("progress", snapshot.progress());
    if (!snapshot.history().isEmpty()) {
      content.put("history", new TreeMap<>(snapshot.history()));
    }
    content.put("config", snapshot.config());
    content.put("kernels", snapshot.kernels());
    content.put("parameters", describe(snapshot.layout()));
    content.put("vector_length", snapshot.layout().size());
    content.put("files", files);
    String whole = Json.write(content);
    return sealed(whole.substring(0, whole.length() - 1));
  }

  /** The text of a manifest, from all of it that stands before its checksum. */
  static String sealed(String open) {
    return open + SEAL + crc(open) + "\"}\n";
  }

  /** Names, shapes and offsets as the manifest lists them. */
  static List<Map<String, Object>> describe(ParameterLayout layout) {
    List<Map<String, Object>> parameters = new ArrayList<>();
    for (Parameter parameter : layout.parameters()) {
      Map<String, Object> entry = new LinkedHashMap<>();
      entry.put("name", parameter.name());
      entry.put("shape", parameter.shape());
      entry.put("offset", layout.offset(parameter));
      parameters.add(entry);
    }
    return parameters;
  }

  /**
   * @param where the file's place, for messages
   * @throws WordmillException CORRUPT when the text is not a whole manifest
   */
  static Manifest read(String directory, String text, String where) {
    int seal = text.lastIndexOf(SEAL);
    if (seal < 0 || !text.equals(sealed(text.substring(0, seal)))) {
      throw corrupt("the manifest is cut off or was changed: its checksum does not agree", where);
    }
    JsonNode content = Json.parse(text, where);
    if (!content.path("format").asText().equals(FORMAT)
        || content.path("version").asInt() != VERSION) {
      throw corrupt(
          "found format "
              + content.path("format")
              + " version "
              + content.path("version")
              + ", expected "
              + FORMAT
              + " "
              + VERSION,
          where);
    }
    Map<String, Long> progress = new LinkedHashMap<>();
    content
        .path("progress")
        .fields()
        .forEachRemaining(field -> progress.put(field.getKey(), field.getValue().asLong()));
    Map<String, List<Double>> history = new LinkedHashMap<>();
    content
        .path("history")
        .fields()
        .forEachRemaining(field -> history.put(field.getKey(), numbers(field.getValue())));
    List<Entry> files = new ArrayList<>();
    for (JsonNode file : content.path("files")) {
      files.add(
          new Entry(
              file.path("name").asText(),
              file.path("bytes").asLong(),
              file.path("crc32c").asText()));
    }
    JsonNode loss = content.path("validation_loss");
    return new Manifest(
        directory,
        content.path("step").asLong(),
        loss.isNumber() ? OptionalDouble.of(loss.doubleValue()) : OptionalDouble.empty(),
        progress,
        history,
        content.path("config"),
        Optional.of(content.path("kernels").asText()).filter(name -> !name.isEmpty()),
        content.path("parameters"),
        content.path("vector_length").asLong(),
        List.copyOf(files));
  }

  private static List<Double> numbers(JsonNode array) {
    List<Double> numbers = new ArrayList<>();
    array.forEach(number -> numbers.add(number.doubleValue()));
    return List.copyOf(numbers);
  }

  /** A counter of the run. */
  public long progress(String name) {
    Long value = progress.get(name);
    if (value == null) {
      throw corrupt("the manifest has no \"" + name + "\"", directory);
    }
    return value;
  }

  /** The entry of one file. */
  Entry file(String name) {
    for (Entry entry : files) {
      if (entry.name().equals(name)) {
        return entry;
      }
    }
    throw corrupt("the checkpoint has no file " + name, directory);
  }

  static String crc(CRC32C crc) {
    return String.format(Locale.ROOT, "%08x", crc.getValue());
  }

  private static String crc(String text) {
    CRC32C crc = new CRC32C();
    crc.update(text.getBytes(StandardCharsets.UTF_8));
    return crc(crc);
  }

  private static WordmillException corrupt(String what, String where) {
    return new WordmillException(ExitCode.CORRUPT, what, where, "");
  }
}
