package org.wordmill.format.huggingface;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Arrays;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.wordmill.error.ExitCode;
import org.wordmill.error.WordmillException;
import org.wordmill.format.json.Json;
import org.wordmill.text.Characters;
import org.wordmill.text.Vocabulary;

/**
 * A character-level tokenizer as a {@code tokenizer.json} of Hugging Face's tokenizers: text is
 * split between all code points, each is looked up as a word, and what is not found is the unknown
 * token. {@code encode} there gives the ids that {@link Characters} gives.
 */
public final class CharacterTokenizerFile {
  private static final String ONE_CHARACTER = "[\\s\\S]";

  /** Patterns that match any one code point, for the regular expressions of that library. */
  private static final Set<String> ONE_CHARACTER_PATTERNS = Set.of(ONE_CHARACTER, "(?m:.)");

  private CharacterTokenizerFile() {}

  /** The text of the file. */
  public static String write(Characters tokenizer) {
    Vocabulary vocabulary = tokenizer.vocabulary();
    Map<String, Object> ids = new LinkedHashMap<>();
    for (int id = 0; id < vocabulary.size(); id++) {
      ids.put(vocabulary.token(id), id);
    }
    Map<String, @Nullable Object> file = new LinkedHashMap<>();
    file.put("version", "1.0");
    file.put("truncation", null);
    file.put("padding", null);
    // Were the unknown token among these, "<unk>" in text would be found and become it.
    file.put("added_tokens", List.of());
    file.put("normalizer", null);
    file.put(
        "pre_tokenizer",
        object(
            "type",
            "Split",
            "pattern",
            Map.of("Regex", ONE_CHARACTER),
            "behavior",
            "Isolated",
            "invert",
            false));
    file.put("post_processor", null);
    file.put("decoder", Map.of("type", "Fuse"));
    file.put("model", object("type", "WordLevel", "vocab", ids, "unk_token", Vocabulary.UNKNOWN));
    return Json.parse(Json.write(file), "tokenizer.json").toPrettyString() + "\n";
  }

  private static Map<String, Object> object(Object... keysAndValues) {
    Map<String, Object> object = new LinkedHashMap<>();
    for (int i = 0; i < keysAndValues.length; i += 2) {
      object.put((String) keysAndValues[i], keysAndValues[i + 1]);
    }
    return object;
  }

  /**
   * Reads a file.
   *
   * @param where its name, for messages
   * @return empty when it is a tokenizer of another kind
   * @throws WordmillException CORRUPT when it is one of characters, and not a whole one
   */
  public static Optional<Characters> read(String text, String where) {
    JsonNode file = Json.parse(text, where);
    JsonNode split = file.path("pre_tokenizer");
    JsonNode model = file.path("model");
    boolean ofCharacters =
        model.path("type").asText().equals("WordLevel")
            && split.path("type").asText().equals("Split")
            && ONE_CHARACTER_PATTERNS.contains(split.path("pattern").path("Regex").asText())
            && split.path("behavior").asText().equals("Isolated")
            && !file.path("normalizer").isObject()
            && !file.path("post_processor").isObject()
            && file.path("added_tokens").isEmpty();
    return ofCharacters ? Optional.of(characters(model, where)) : Optional.empty();
  }

  private static Characters characters(JsonNode model, String where) {
    JsonNode vocabulary = model.path("vocab");
    String[] tokens = new String[vocabulary.size()];
    Iterator<Map.Entry<String, JsonNode>> fields = vocabulary.fields();
    while (fields.hasNext()) {
      Map.Entry<String, JsonNode> field = fields.next();
      JsonNode id = field.getValue();
      boolean isId =
          id.isIntegralNumber()
              && id.canConvertToInt()
              && id.intValue() >= 0
              && id.intValue() < tokens.length
              && tokens[id.intValue()] == null;
      if (!isId) {
        throw corrupt(
            "the id of a token is " + id + ", expected each of 0 to " + (tokens.length - 1), where);
      }
      tokens[id.intValue()] =
          field.getKey().equals(model.path("unk_token").asText())
              ? Vocabulary.UNKNOWN
              : field.getKey();
    }
    try {
      return new Characters(new Vocabulary(Arrays.asList(tokens)));
    } catch (IllegalArgumentException e) {
      throw corrupt("a bad vocabulary: " + e.getMessage(), where);
    }
  }

  private static WordmillException corrupt(String what, String where) {
    return new WordmillException(ExitCode.CORRUPT, what, where, "");
  }
}
