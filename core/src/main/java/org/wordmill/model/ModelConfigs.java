package org.wordmill.model;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Map;
import java.util.TreeMap;
import org.wordmill.error.ExitCode;
import org.wordmill.error.WordmillException;
import org.wordmill.format.json.Records;

/** The kinds of models there are, by the name that files give them. */
public final class ModelConfigs {
  private static final Map<String, Class<? extends Record>> KINDS =
      Map.of(
          TransformerConfig.KIND, TransformerConfig.class,
          RnnConfig.KIND, RnnConfig.class,
          LstmConfig.KIND, LstmConfig.class,
          GruConfig.KIND, GruConfig.class,
          RecurrentTaggerConfig.KIND, RecurrentTaggerConfig.class,
          ConvolutionalTaggerConfig.KIND, ConvolutionalTaggerConfig.class);

  private ModelConfigs() {}

  /** The record of each kind; all of them are {@link ModelConfig}s. */
  public static Map<String, Class<? extends Record>> kinds() {
    return new TreeMap<>(KINDS);
  }

  /**
   * Reads a model's configuration: its record's components, and {@code "kind"}.
   *
   * @param where the file and key, for messages
   * @throws WordmillException CORRUPT when it is none, or of a kind that is not known here
   */
  public static ModelConfig read(JsonNode json, String where) {
    Class<? extends Record> type = KINDS.get(json.path("kind").asText());
    if (type == null) {
      throw new WordmillException(
          ExitCode.CORRUPT,
          "found a model of kind " + json.path("kind") + ", expected one of " + KINDS.keySet(),
          where,
          "open it with the version of Wordmill that made it");
    }
    ObjectNode fields = json.deepCopy();
    fields.remove("kind");
    return (ModelConfig) Records.read(fields, type, where);
  }
}
