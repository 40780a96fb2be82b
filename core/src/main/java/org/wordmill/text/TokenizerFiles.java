package org.wordmill.text;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.wordmill.error.ExitCode;
import org.wordmill.error.WordmillException;
import org.wordmill.format.json.Json;

/**
 * Tokenizers as text: one JSON object {@code {"format":"wordmill-tokenizer","version":1,
 * "kind":"characters"|"words"|"tagged-words","tokens":[...]}}, the tokens in the order of their
 * ids; byte pair encodings as the {@code tokenizer.json} of {@link BpeFiles}. Tagged words have
 * {@code "rare":[words]}, {@code "tags":[...]}, and {@code "usual":[...]}, for each token and then
 * each rare word the place of its usual tag among the tags.
 */
public final class TokenizerFiles {
  private static final String FORMAT = "wordmill-tokenizer";
  private static final int VERSION = 1;
  private static final String CHARACTERS = "characters";
  private static final String WORDS = "words";
  private static final String TAGGED_WORDS = "tagged-words";

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
    if (tokenizer instanceof TaggedWords words) {
      file.put("rare", words.rare());
      file.put("tags", words.tags().tokens());
      file.put(
          "usual",
          Stream.concat(words.vocabulary().tokens().stream(), words.rare().stream())
              .map(word -> words.tags().id(words.usualTag(word)))
              .toList());
    }
    return Json.write(file) + "\n";
  }

  private static String kind(Tokenizer tokenizer) {
    if (tokenizer instanceof Characters) {
      return CHARACTERS;
    } else if (tokenizer instanceof WhitespaceWords) {
      return WORDS;
    } else if (tokenizer instanceof TaggedWords) {
      return TAGGED_WORDS;
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
    List<String> tokens = strings(file, "tokens", where);
    String kind = file.path("kind").asText();
    try {
      return switch (kind) {
        case CHARACTERS -> new Characters(new Vocabulary(tokens));
        case WORDS -> new WhitespaceWords(new Vocabulary(tokens));
        case TAGGED_WORDS -> taggedWords(file, tokens, where);
        default -> throw corrupt("an unknown kind of tokenizer '" + kind + "'", where);
      };
    } catch (IllegalArgumentException e) {
      throw corrupt("a bad vocabulary: " + e.getMessage(), where);
    }
  }

  private static TaggedWords taggedWords(JsonNode file, List<String> tokens, String where) {
    Vocabulary tags = new Vocabulary(strings(file, "tags", where));
    List<String> usual = new ArrayList<>();
    for (JsonNode tag : file.path("usual")) {
      if (!tag.isInt() || tag.intValue() < 0 || tag.intValue() >= tags.size()) {
        throw corrupt("usual tag " + usual.size() + " is none of the tags: " + tag, where);
      }
      usual.add(tags.token(tag.intValue()));
    }
    return new TaggedWords(new Vocabulary(tokens), strings(file, "rare", where), tags, usual);
  }

  private static List<String> strings(JsonNode file, String key, String where) {
    if (!file.path(key).isArray()) {
      throw corrupt("a tokenizer file without a list of " + key, where);
    }
    List<String> strings = new ArrayList<>();
    for (JsonNode string : file.path(key)) {
      if (!string.isTextual()) {
        throw corrupt(
            "number " + strings.size() + " of " + key + " is not a string: " + string, where);
      }
      strings.add(string.textValue());
    }
    return strings;
  }

  private static WordmillException corrupt(String what, String where) {
    return new WordmillException(ExitCode.CORRUPT, what, where, "");
  }
}
