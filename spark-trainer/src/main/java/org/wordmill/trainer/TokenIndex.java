package org.wordmill.trainer;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.zip.CRC32C;
import org.wordmill.error.ExitCode;
import org.wordmill.error.WordmillException;
import org.wordmill.format.json.Json;
import org.wordmill.format.json.Records;
import org.wordmill.train.TokenShard;

/**
 * What a folder of token shards holds: the manifest {@code index.json}, written last.
 *
 * <pre>
 * { "format": "wordmill-tokens", "version": 2, "source", "vocabulary_size", "bytes_per_token",
 *   "tokens", "bytes": of all shards,
 *   "preparation": {...}, of text that was prepared for many runs,
 *   "shards": [{"file", "tokens", "bytes", "crc32c", "sentences", "source"}] }
 * </pre>
 *
 * Version 1 has the checksums of whole files, which are all the same, because a file that ends with
 * its checksum has a constant one.
 *
 * @param version of the file that was read
 * @param source a description of the text and the tokenizer the shards were made from, to tell
 *     whether they can be used again
 * @param vocabularySize above all ids
 * @param shards in the order of the corpus
 * @param preparation how the text was prepared; empty where a run made the tokens for itself
 */
record TokenIndex(
    int version,
    String source,
    int vocabularySize,
    List<Shard> shards,
    Optional<Preparation> preparation) {
  static final String FILE = "index.json";
  private static final String FORMAT = "wordmill-tokens";
  private static final int VERSION = 2;

  TokenIndex {
    shards = List.copyOf(shards);
  }

  /** Of tokens that a run makes for itself. */
  TokenIndex(String source, int vocabularySize, List<Shard> shards) {
    this(VERSION, source, vocabularySize, shards, Optional.empty());
  }

  /** Of text that was prepared. */
  TokenIndex(String source, int vocabularySize, List<Shard> shards, Preparation preparation) {
    this(VERSION, source, vocabularySize, shards, Optional.of(preparation));
  }

  /**
   * How a text was prepared.
   *
   * @param tokenizerSha256 of the file {@code tokenizer.json} beside the shards
   * @param separator behind each document; {@code none} where text was taken as it is
   * @param shuffled whether documents are in an order that the seed has drawn
   * @param documents that were encoded; lines, where text was taken as it is
   * @param inputFiles that the text came from
   * @param inputBytes of these files, as they are stored
   */
  record Preparation(
      String tokenizerSha256,
      String separator,
      boolean shuffled,
      long seed,
      long documents,
      long inputFiles,
      long inputBytes) {}

  /**
   * One shard file.
   *
   * @param file its name, or where it lies in another folder
   * @param crc32c that ends the file
   * @param sentences in it, where the tokens are those of tagged sentences; 0 of text
   * @param source the number of its source in a mix, counted from 0; 0 where there is none
   */
  record Shard(String file, long tokens, long bytes, int crc32c, long sentences, int source) {

    /** The same shard of a source. */
    Shard of(int number) {
      return new Shard(file, tokens, bytes, crc32c, sentences, number);
    }

    /** The same shard, whose file is named otherwise. */
    Shard at(String place) {
      return new Shard(place, tokens, bytes, crc32c, sentences, source);
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

  long bytes() {
    return shards.stream().mapToLong(Shard::bytes).sum();
  }

  /** Whether the checksums of shards are worth to be compared. */
  boolean hasChecksums() {
    return version > 1;
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
    content.put("version", version);
    content.put("source", source);
    content.put("vocabulary_size", vocabularySize);
    content.put("bytes_per_token", TokenShard.width(vocabularySize));
    content.put("tokens", tokens());
    content.put("bytes", bytes());
    preparation.ifPresent(how -> content.put("preparation", how));
    content.put("shards", shards);
    return Json.write(content) + "\n";
  }

  /** Whether a text is meant to be an index. */
  static boolean isIndex(String text) {
    return text.contains(FORMAT);
  }

  /**
   * @param where the file's name, for messages
   * @throws WordmillException CORRUPT when the text is no whole index
   */
  static TokenIndex read(String text, String where) {
    JsonNode content = Json.parse(text, where);
    int version = content.path("version").asInt();
    if (!content.path("format").asText().equals(FORMAT) || version < 1 || version > VERSION) {
      throw corrupt("not an index of token shards of version 1 to " + VERSION, where);
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
    TokenIndex index =
        new TokenIndex(
            version,
            content.path("source").asText(),
            content.path("vocabulary_size").asInt(),
            shards,
            preparation(content.path("preparation"), where));
    if (content.path("tokens").asLong() != index.tokens()) {
      throw corrupt(
          "the index tells of "
              + content.path("tokens")
              + " tokens, its shards have "
              + index.tokens(),
          where);
    }
    return index;
  }

  private static Optional<Preparation> preparation(JsonNode how, String where) {
    return how.isMissingNode()
        ? Optional.empty()
        : Optional.of(Records.read(how, Preparation.class, where));
  }

  private static WordmillException corrupt(String what, String where) {
    return new WordmillException(
        ExitCode.CORRUPT, what, where, "make the tokens again from their text");
  }
}
