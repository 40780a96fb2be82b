package org.wordmill.trainer;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.wordmill.error.ExitCode;
import org.wordmill.error.WordmillException;
import org.wordmill.text.Tokenizer;
import org.wordmill.text.TokenizerFiles;
import org.wordmill.train.TokenShard;

/**
 * A folder of prepared text on any file system that Hadoop knows: token shards, their {@code
 * tokenizer.json}, and {@code index.json}, which was written last and makes it one.
 */
public final class PreparedText {
  static final String TOKENIZER = "tokenizer.json";

  private final TokenStore store;
  private final TokenIndex index;
  private final TokenIndex.Preparation preparation;
  private final String tokenizerFile;

  private PreparedText(TokenStore store, TokenIndex index, TokenIndex.Preparation preparation) {
    this.store = store;
    this.index = index;
    this.preparation = preparation;
    Path file = new Path(store.folder(), TOKENIZER);
    this.tokenizerFile =
        store
            .readText(TOKENIZER)
            .orElseThrow(
                () -> corrupt("prepared text without its tokenizer", file, "prepare it again"));
    String found = sha256(tokenizerFile);
    if (!found.equals(preparation.tokenizerSha256())) {
      throw corrupt(
          "this is not the tokenizer that the text was prepared with: its SHA-256 is "
              + found
              + ", the manifest says "
              + preparation.tokenizerSha256(),
          file,
          "prepare the text again");
    }
  }

  /**
   * Opens a folder, where it is one of prepared text.
   *
   * @throws WordmillException CORRUPT when its manifest or its tokenizer is not whole
   */
  public static Optional<PreparedText> find(String path, Configuration configuration) {
    try {
      Path folder = new Path(path);
      FileSystem files = HadoopFiles.of(folder, configuration);
      if (!files.getFileStatus(folder).isDirectory()) {
        return Optional.empty();
      }
      TokenStore store = new TokenStore(folder, configuration);
      Optional<TokenIndex> index = store.indexIfOurs();
      if (index.isEmpty()) {
        return Optional.empty();
      }
      TokenIndex.Preparation preparation =
          index
              .get()
              .preparation()
              .orElseThrow(
                  () ->
                      corrupt(
                          "these are the tokens that a run made for itself",
                          folder,
                          "give text, or what wordmill prepare has made"));
      return Optional.of(new PreparedText(store, index.get(), preparation));
    } catch (FileNotFoundException | IllegalArgumentException e) {
      return Optional.empty();
    } catch (IOException e) {
      throw HadoopFiles.fault("cannot be read", new Path(path), e);
    }
  }

  /**
   * The folders of prepared text behind the paths a user named, in the order of the paths; none
   * when the paths are text.
   *
   * @throws WordmillException USAGE when only some of them are; CORRUPT when a folder is there
   *     whose preparation did not end
   */
  public static List<PreparedText> findAll(List<String> paths, Configuration configuration) {
    List<PreparedText> found = new ArrayList<>();
    String text = "";
    for (String name : paths) {
      for (Path match : matches(name, configuration)) {
        Optional<PreparedText> prepared = find(match.toString(), configuration);
        prepared.ifPresent(found::add);
        text = prepared.isEmpty() ? match.toString() : text;
      }
    }
    if (!found.isEmpty() && !text.isEmpty()) {
      throw new WordmillException(
          ExitCode.USAGE,
          "there is prepared text in " + found.get(0).folder() + " and other text",
          text,
          "prepare all of it, or make them sources of a mix");
    }
    return found;
  }

  private static List<Path> matches(String name, Configuration configuration) {
    List<Path> matches = new ArrayList<>();
    try {
      Path path = new Path(name);
      FileStatus[] found = HadoopFiles.of(path, configuration).globStatus(path);
      // What is not there is for the reader of text to say.
      for (FileStatus match : found == null ? new FileStatus[0] : found) {
        matches.add(match.getPath());
      }
    } catch (IllegalArgumentException e) {
      return matches;
    } catch (IOException e) {
      throw HadoopFiles.fault("cannot be read", new Path(name), e);
    }
    return matches;
  }

  /** The tokenizer, as {@link TokenizerFiles} writes it. */
  public String tokenizerFile() {
    return tokenizerFile;
  }

  public Tokenizer tokenizer() {
    return TokenizerFiles.read(tokenizerFile, new Path(store.folder(), TOKENIZER).toString());
  }

  /** Where it lies. */
  String folder() {
    return store.folder().toString();
  }

  TokenIndex index() {
    return index;
  }

  /** The shards, named by where they lie. */
  List<TokenIndex.Shard> shards() {
    return index.shards().stream()
        .map(shard -> shard.at(new Path(store.folder(), shard.file()).toString()))
        .toList();
  }

  /**
   * Checks that a model with some tokenizer can learn from it.
   *
   * @throws WordmillException CORRUPT when the text was prepared with another
   */
  void requireTokenizer(String file) {
    String given = sha256(file);
    if (!given.equals(preparation.tokenizerSha256())) {
      throw corrupt(
          "the text was prepared with another tokenizer than this run's: its SHA-256 is "
              + preparation.tokenizerSha256()
              + ", not "
              + given,
          store.folder(),
          "prepare it with this tokenizer, or train with the other");
    }
  }

  /** What is in it: names and values, in the order in which they are shown. */
  public Map<String, Object> facts() {
    Map<String, Object> facts = new LinkedHashMap<>();
    facts.put("path", folder());
    facts.put("kind", "prepared text");
    facts.put("vocabulary", index.vocabularySize());
    facts.put("documents", preparation.documents());
    facts.put("tokens", index.tokens());
    facts.put("bytes_per_token", TokenShard.width(index.vocabularySize()));
    facts.put("shards", index.shards().size());
    facts.put("bytes", index.bytes());
    facts.put("separator", preparation.separator());
    facts.put("shuffled", preparation.shuffled());
    if (preparation.shuffled()) {
      facts.put("seed", preparation.seed());
    }
    facts.put("input_files", preparation.inputFiles());
    facts.put("input_bytes", preparation.inputBytes());
    facts.put("tokenizer_sha256", preparation.tokenizerSha256());
    return facts;
  }

  /**
   * Reads all shards, and compares lengths, checksums and ids with what the manifest says.
   *
   * @throws WordmillException CORRUPT or BAD_INPUT, with the file, when something differs
   */
  public void verify() {
    store.shards(index, BlockCache.ofHeap()).forEach(shard -> shard.verify(index.hasChecksums()));
  }

  static String sha256(String text) {
    try {
      byte[] digest =
          MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(digest);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }

  private static WordmillException corrupt(String what, Path where, String remedy) {
    return new WordmillException(ExitCode.CORRUPT, what, where.toString(), remedy);
  }
}
