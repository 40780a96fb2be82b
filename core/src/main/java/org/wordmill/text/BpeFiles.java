package org.wordmill.text;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.wordmill.error.ExitCode;
import org.wordmill.error.WordmillException;
import org.wordmill.format.json.Json;

/**
 * Byte-level byte pair encodings as the files of the Hugging Face libraries: {@code
 * tokenizer.json}, or GPT-2's pair of {@code vocab.json} (tokens to ids) and {@code merges.txt}
 * (after a line {@code #version: 0.2}, a merge a line, parts separated by a space, by rank).
 *
 * <p>A {@code tokenizer.json} that would tokenize in another way than {@link ByteLevelBpe} (another
 * model, a normalizer, another pre-tokenizer, dropout) is refused. What it says of truncation,
 * padding and post-processing concerns those who add special tokens, and is not read.
 */
public final class BpeFiles {
  private static final String VERSION_LINE = "#version";
  private static final String BYTE_LEVEL = "ByteLevel";

  private BpeFiles() {}

  /** The text of {@code vocab.json}, by id. */
  public static String vocabulary(ByteLevelBpe tokenizer) {
    return Json.write(ids(tokenizer)) + "\n";
  }

  /** The text of {@code merges.txt}. */
  public static String merges(ByteLevelBpe tokenizer) {
    StringBuilder lines = new StringBuilder(VERSION_LINE).append(": 0.2\n");
    tokenizer
        .merges()
        .forEach(
            merge -> lines.append(merge.left()).append(' ').append(merge.right()).append('\n'));
    return lines.toString();
  }

  private static Map<String, Integer> ids(ByteLevelBpe tokenizer) {
    Map<String, Integer> ids = new LinkedHashMap<>();
    tokenizer.vocabulary().tokens().forEach(token -> ids.put(token, ids.size()));
    return ids;
  }

  /** The text of {@code tokenizer.json}, one line with its line end. */
  public static String tokenizer(ByteLevelBpe tokenizer) {
    List<Object> added = new ArrayList<>();
    for (String special : tokenizer.specials()) {
      Map<String, Object> token = new LinkedHashMap<>();
      token.put("id", tokenizer.vocabulary().id(special));
      token.put("content", special);
      for (String flag : List.of("single_word", "lstrip", "rstrip", "normalized")) {
        token.put(flag, false);
      }
      token.put("special", true);
      added.add(token);
    }
    Map<String, Object> model = new LinkedHashMap<>();
    model.put("type", "BPE");
    for (String none :
        List.of("dropout", "unk_token", "continuing_subword_prefix", "end_of_word_suffix")) {
      model.put(none, null);
    }
    for (String flag : List.of("fuse_unk", "byte_fallback", "ignore_merges")) {
      model.put(flag, false);
    }
    model.put("vocab", ids(tokenizer));
    model.put(
        "merges",
        tokenizer.merges().stream().map(merge -> merge.left() + " " + merge.right()).toList());
    Map<String, Object> file = new LinkedHashMap<>();
    file.put("version", "1.0");
    file.put("truncation", null);
    file.put("padding", null);
    file.put("added_tokens", added);
    file.put("normalizer", null);
    file.put("pre_tokenizer", byteLevel());
    file.put("post_processor", null);
    file.put("decoder", byteLevel());
    file.put("model", model);
    return Json.write(file) + "\n";
  }

  private static Map<String, Object> byteLevel() {
    Map<String, Object> settings = new LinkedHashMap<>();
    settings.put("type", BYTE_LEVEL);
    settings.put("add_prefix_space", false);
    settings.put("trim_offsets", true);
    settings.put("use_regex", true);
    return settings;
  }

  /**
   * Reads {@code vocab.json} and {@code merges.txt}. Tokens that are neither bytes nor results of
   * merges are special tokens.
   *
   * @param where the folder's name, for messages
   * @throws WordmillException CORRUPT when they are not such files, or do not belong together
   */
  public static ByteLevelBpe read(String vocabulary, String merges, String where) {
    String vocabularyFile = where + "/vocab.json";
    String mergesFile = where + "/merges.txt";
    JsonNode vocab = Json.parse(vocabulary, vocabularyFile);
    List<ByteLevelBpe.Merge> pairs = new ArrayList<>();
    Set<String> ordinary = new HashSet<>();
    String[] lines = merges.split("\n", -1);
    for (int i = 0; i < lines.length; i++) {
      String line =
          lines[i].endsWith("\r") ? lines[i].substring(0, lines[i].length() - 1) : lines[i];
      if (line.startsWith(VERSION_LINE) || line.isEmpty() && i == lines.length - 1) {
        continue;
      }
      ByteLevelBpe.Merge merge = merge(line, mergesFile + ":" + (i + 1));
      pairs.add(merge);
      ordinary.add(merge.left() + merge.right());
    }
    List<String> specials = new ArrayList<>();
    vocab
        .fieldNames()
        .forEachRemaining(
            token -> {
              boolean isByte = token.length() == 1 && ByteAlphabet.spells(token);
              if (!isByte && !ordinary.contains(token)) {
                specials.add(token);
              }
            });
    return build(idsOf(vocab, vocabularyFile), pairs, specials, where);
  }

  /**
   * Reads {@code tokenizer.json}.
   *
   * @param where the file's name, for messages
   * @throws WordmillException CORRUPT when it is not such a file, or of a tokenizer of another kind
   */
  static ByteLevelBpe read(JsonNode file, String where) {
    JsonNode model = file.path("model");
    requireAbsent(file, "normalizer", where);
    requireByteLevel(file.path("pre_tokenizer"), where);
    if (model.has("type") && !model.path("type").asText().equals("BPE")) {
      throw corrupt("a tokenizer of the kind " + model.path("type") + ", expected BPE", where);
    }
    for (String key :
        List.of("dropout", "continuing_subword_prefix", "end_of_word_suffix", "ignore_merges")) {
      requireAbsent(model, key, where + ": model");
    }
    if (!model.path("merges").isArray()) {
      throw corrupt("a tokenizer without a list of merges", where);
    }
    List<ByteLevelBpe.Merge> merges = new ArrayList<>();
    for (JsonNode merge : model.path("merges")) {
      String place = where + ": merge " + (merges.size() + 1);
      if (merge.isArray()
          && merge.size() == 2
          && merge.path(0).isTextual()
          && merge.path(1).isTextual()) {
        merges.add(new ByteLevelBpe.Merge(merge.path(0).textValue(), merge.path(1).textValue()));
      } else if (merge.isTextual()) {
        merges.add(merge(merge.textValue(), place));
      } else {
        throw corrupt("found " + merge + " where a pair of tokens was expected", place);
      }
    }
    Map<Integer, String> tokens = idsOf(model.path("vocab"), where + ": vocab");
    List<String> specials = new ArrayList<>();
    for (JsonNode added : file.path("added_tokens")) {
      JsonNode id = added.path("id");
      String content = added.path("content").asText();
      if (!id.isIntegralNumber() || !id.canConvertToInt() || content.isEmpty()) {
        throw corrupt("found " + added + " where an added token was expected", where);
      }
      for (String flag : List.of("single_word", "lstrip", "rstrip")) {
        requireAbsent(added, flag, where + ": added token '" + content + "'");
      }
      String other = tokens.putIfAbsent(id.intValue(), content);
      if (other != null && !other.equals(content)) {
        throw corrupt("id " + id + " is both '" + other + "' and '" + content + "'", where);
      }
      specials.add(content);
    }
    return build(tokens, merges, specials, where);
  }

  /** Whether a JSON file looks like one of the Hugging Face libraries. */
  static boolean isTokenizer(JsonNode file) {
    return file.path("model").isObject();
  }

  private static ByteLevelBpe.Merge merge(String line, String where) {
    int space = line.indexOf(' ');
    if (space < 1 || space == line.length() - 1 || line.indexOf(' ', space + 1) >= 0) {
      throw corrupt("found '" + shortened(line) + "' where a pair of tokens was expected", where);
    }
    return new ByteLevelBpe.Merge(line.substring(0, space), line.substring(space + 1));
  }

  private static String shortened(String line) {
    return line.length() <= 80 ? line : line.substring(0, 80) + "...";
  }

  private static Map<Integer, String> idsOf(JsonNode vocabulary, String where) {
    if (!vocabulary.isObject()) {
      throw corrupt("a vocabulary that is no object of tokens and ids", where);
    }
    Map<Integer, String> tokens = new TreeMap<>();
    vocabulary
        .fields()
        .forEachRemaining(
            entry -> {
              JsonNode id = entry.getValue();
              if (!id.isIntegralNumber() || !id.canConvertToInt()) {
                throw corrupt("token '" + entry.getKey() + "' has the id " + id, where);
              }
              String other = tokens.put(id.intValue(), entry.getKey());
              if (other != null) {
                throw corrupt(
                    "id " + id + " is both '" + other + "' and '" + entry.getKey() + "'", where);
              }
            });
    return tokens;
  }

  private static ByteLevelBpe build(
      Map<Integer, String> tokens,
      List<ByteLevelBpe.Merge> merges,
      List<String> specials,
      String where) {
    int expected = 0;
    for (int id : tokens.keySet()) {
      if (id != expected++) {
        throw corrupt("no token has the id " + (expected - 1) + ", and one has " + id, where);
      }
    }
    try {
      return new ByteLevelBpe(new Vocabulary(List.copyOf(tokens.values())), merges, specials);
    } catch (IllegalArgumentException e) {
      throw corrupt("a bad vocabulary: " + e.getMessage(), where);
    }
  }

  /** What is null, false, 0, empty or not there changes nothing; anything else would. */
  private static void requireAbsent(JsonNode object, String key, String where) {
    JsonNode value = object.path(key);
    boolean absent =
        value.isMissingNode()
            || value.isNull()
            || value.isBoolean() && !value.booleanValue()
            || value.isNumber() && value.doubleValue() == 0
            || value.isTextual() && value.textValue().isEmpty();
    if (!absent) {
      throw corrupt(
          "'" + key + "' is " + shortened(value.toString()) + ", which is not supported", where);
    }
  }

  private static void requireByteLevel(JsonNode preTokenizer, String where) {
    if (!preTokenizer.path("type").asText().equals(BYTE_LEVEL)
        || preTokenizer.path("add_prefix_space").asBoolean()
        || !preTokenizer.path("use_regex").asBoolean(true)) {
      throw corrupt(
          "the pre-tokenizer is "
              + shortened(preTokenizer.toString())
              + ", expected that of GPT-2: ByteLevel without a prefix space",
          where);
    }
  }

  private static WordmillException corrupt(String what, String where) {
    return new WordmillException(ExitCode.CORRUPT, what, where, "");
  }
}
