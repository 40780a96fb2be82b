package org.wordmill.trainer;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.CRC32C;
import org.wordmill.error.ExitCode;
import org.wordmill.error.WordmillException;
import org.wordmill.format.json.Json;

/**
 * What a folder of token shards holds: {@code index.json}, written last.
 *
 * @param source a description of the text and the tokenizer the shards were made from, to tell
 *     whether they can be used again
 * @param vocabularySize above all ids
 * @param shards in the order of the corpus
 */
record TokenIndex(String source, int vocabularySize, List<Shard> shards) {
  static final String FILE = "index.json";
  private static final String FORMAT = "wordmill-tokens";
  private static final int VERSION = 1;

  /**
   * One shard file.
   *
   * @param sentences in it, where the tokens are those of tagged sentences; 0 of text
   */
  record Shard(String file, long tokens, long bytes, int crc32c, long sentences) {}

  long tokens() {
    return shards.stream().mapToLong(Shard::tokens).sum();
  }

  long sentences() {
    return shards.stream().mapToLong(Shard::sentences).sum();
  }

  /** A checksum of the whole corpus. */
  long checksum() {
    CRC32C crc = new CRC32C();
    for (Shard shard : shards) {
      ByteBuffer both = ByteBuffer.allocate(Long.BYTES + Integer.BYTES);
      crc.update(both.putLong(shard.tokens()).putInt(shard.crc32c()).flip());
    }
    return crc.getValue();
  }

  String write() {
    Map<String, Object> content = new LinkedHashMap<>();
    content.put("format", FORMAT);
    content.put("version", VERSION);
    content.put("source", source);
    content.put("vocabulary_size", vocabularySize);
    content.put("tokens", tokens());
    content.put("shards", shards);
    return Json.write(content) + "\n";
  }

  static TokenIndex read(String text, String where) {
    JsonNode content = Json.parse(text, where);
    if (!content.path("format").asText().equals(FORMAT)
        || content.path("version").asInt() != VERSION) {
      throw new WordmillException(
          ExitCode.CORRUPT,
          "not an index of token shards of version " + VERSION,
          where,
          "delete the folder of tokens, and it is made anew");
    }
    List<Shard> shards = new ArrayList<>();
    for (JsonNode shard : content.path("shards")) {
      shards.add(
          new Shard(
              shard.path("file").asText(),
              shard.path("tokens").asLong(),
              shard.path("bytes").asLong(),
              shard.path("crc32c").asInt(),
              shard.path("sentences").asLong()));
    }
    return new TokenIndex(
        content.path("source").asText(), content.path("vocabulary_size").asInt(), shards);
  }
}
