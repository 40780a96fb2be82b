package org.wordmill.trainer;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
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
   * @param source the number of its source in a mix, counted from 0; 0 where there is none
   */
  record Shard(String file, long tokens, long bytes, int crc32c, long sentences, int source) {

    /** The same shard of a source. */
    Shard of(int number) {
      return new Shard(file, tokens, bytes, crc32c, sentences, number);
    }
  }

  long tokens() {
    return shards.stream().mapToLong(Shard::tokens).sum();
  }

  /**
   * Tokens of each source.
   *
   * @param sources how many there are; some may have no shard
   */
  List<Long> tokens(int sources) {
    return IntStream.range(0, sources)
        .mapToObj(
            source ->
                shards.stream()
                    .filter(shard -> shard.source() == source)
                    .mapToLong(Shard::tokens)
                    .sum())
        .toList();
  }

  long sentences() {
    return shards.stream().mapToLong(Shard::sentences).sum();
  }

  /** A checksum of the whole corpus, and of where its sources begin. */
  long checksum() {
    CRC32C crc = new CRC32C();
    for (Shard shard : shards) {
      ByteBuffer both = ByteBuffer.allocate(Long.BYTES + 2 * Integer.BYTES);
      both.putLong(shard.tokens()).putInt(shard.crc32c());
      if (shard.source() > 0) {
        both.putInt(shard.source());
      }
      crc.update(both.flip());
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
              shard.path("sentences").asLong(),
              shard.path("source").asInt()));
    }
    return new TokenIndex(
        content.path("source").asText(), content.path("vocabulary_size").asInt(), shards);
  }
}
