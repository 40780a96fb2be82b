package org.wordmill.text;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.wordmill.error.ExitCode;
import org.wordmill.error.WordmillException;
import org.wordmill.format.json.Json;

/**
 * Tokenizers as text: one JSON object {@code {"format":"wordmill-tokenizer","version":1,
 * "kind":"characters"|"words","tokens":[...]}}, the tokens in the order of their ids; byte pair
 * encodings as the {@code tokenizer.json} of {@link BpeFiles}.
 */
public final class TokenizerFiles {
  private static final String FORMAT = "wordmill-tokenizer";
  private static final int VERSION = 1;
  private static final String CHARACTERS = "characters";
  private static final String WORDS = "words";

  private TokenizerFiles() {}

  /** The text of a tokenizer's file, one line with its line end; the same for equal tokenizers. */
  public static String write(Tokenizer tokenizer) {
    if (tokenizer instanceof ByteLevelBpe bpe) {
      return BpeFiles.tokenizer(bpe);
    }
    Map<String, Object> file = new LinkedHashMap<>();
    file.put("format", FORMAT);
    file.put("version", VERSION);
    file.put("kind", kind(tokenizer));
    file.put("tokens", tokenizer.vocabulary().tokens());
    return Json.write(file) + "\n";
  }

  private static String kind(Tokenizer tokenizer) {
    if (tokenizer instanceof Characters) {
      return CHARACTERS;
    } else if (tokenizer instanceof WhitespaceWords) {
      return WORDS;
    }
    throw new IllegalArgumentException("no file format for " + tokenizer.getClass());
  }

  /**
   * Reads what {@link #write} wrote, or a {@code tokenizer.json} of byte pairs from elsewhere.
   *
   * @param where the file's name, for messages
   * @throws WordmillException CORRUPT when it is not a tokenizer's file
   */
  public static Tokenizer read(String text, String where) {
    JsonNode file = Json.parse(text, where);
    if (BpeFiles.isTokenizer(file)) {
      return BpeFiles.read(file, where);
    }
    if (!file.path("format").asText().equals(FORMAT)) {
      throw corrupt("not a tokenizer file: no \"format\":\"" + FORMAT + "\"", where);
    }
    if (file.path("version").asInt() != VERSION) {
      throw corrupt(
          "a tokenizer file of version " + file.path("version") + ", expected " + VERSION, where);
    }
    if (!file.path("tokens").isArray()) {
      throw corrupt("a tokenizer file without a list of tokens", where);
    }
    List<String> tokens = new ArrayList<>();
    for (JsonNode token : file.path("tokens")) {
      if (!token.isTextual()) {
        throw corrupt("token " + tokens.size() + " is not a string: " + token, where);
      }
      tokens.add(token.textValue());
    }
    String kind = file.path("kind").asText();
    try {
      return switch (kind) {
        case CHARACTERS -> new Characters(new Vocabulary(tokens));
        case WORDS -> new WhitespaceWords(new Vocabulary(tokens));
        default -> throw corrupt("an unknown kind of tokenizer '" + kind + "'", where);
      };
    } catch (IllegalArgumentException e) {
      throw corrupt("a bad vocabulary: " + e.getMessage(), where);
    }
  }

  private static WordmillException corrupt(String what, String where) {
    return new WordmillException(ExitCode.CORRUPT, what, where, "");
  }
}
