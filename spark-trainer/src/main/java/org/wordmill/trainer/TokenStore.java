package org.wordmill.trainer;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.wordmill.error.ExitCode;
import org.wordmill.error.WordmillException;
import org.wordmill.train.TokenChain;
import org.wordmill.train.Tokens;

/** A folder of token shards on any file system that Hadoop knows. */
final class TokenStore {
  /** What the names of shards end in. */
  static final String SHARD = ".tokens";

  private static final Pattern SHARD_NAME = Pattern.compile("shard-\\d{5}-\\d{3}.*[.]tokens");

  /** What a folder may hold beside shards; the command line leaves a report of what it did. */
  private static final Set<String> FILES =
      Set.of(TokenIndex.FILE, PreparedText.TOKENIZER, "_report.json");

  private final Configuration configuration;
  private final Path folder;
  private final FileSystem files;

  TokenStore(Path folder, Configuration configuration) {
    this.configuration = configuration;
    try {
      this.files = HadoopFiles.of(folder, configuration);
      this.folder = files.makeQualified(folder);
    } catch (IOException e) {
      throw HadoopFiles.fault("the folder of tokens cannot be used", folder, e);
    }
  }

  Path folder() {
    return folder;
  }

  /** Whether a file has the name of a shard, as {@link ShardWriter} gives it. */
  static boolean isShard(String name) {
    return SHARD_NAME.matcher(name).matches();
  }

  /** Whether there is a shard, whatever else there is. */
  private boolean hasShards() {
    try {
      return Arrays.stream(files.listStatus(folder))
          .anyMatch(file -> isShard(file.getPath().getName()));
    } catch (IOException e) {
      throw HadoopFiles.fault("cannot be read", folder, e);
    }
  }

  /**
   * As {@link #index}, for a folder that may be anybody's, with an {@code index.json} of theirs.
   */
  Optional<TokenIndex> indexIfOurs() {
    return readText(TokenIndex.FILE)
        .filter(text -> TokenIndex.isIndex(text) || hasShards())
        .map(text -> TokenIndex.read(text, new Path(folder, TokenIndex.FILE).toString()));
  }

  /** The index, when the folder is complete. */
  Optional<TokenIndex> index() {
    Path file = new Path(folder, TokenIndex.FILE);
    try {
      return Optional.of(TokenIndex.read(HadoopFiles.readText(files, file), file.toString()));
    } catch (FileNotFoundException e) {
      return Optional.empty();
    } catch (IOException e) {
      throw HadoopFiles.fault("the index of tokens cannot be read", file, e);
    }
  }

  /** A small file beside the shards. */
  Optional<String> readText(String name) {
    Path file = new Path(folder, name);
    try {
      return Optional.of(HadoopFiles.readText(files, file));
    } catch (FileNotFoundException e) {
      return Optional.empty();
    } catch (IOException e) {
      throw HadoopFiles.fault("cannot be read", file, e);
    }
  }

  /** Writes a small file beside the shards. */
  void writeText(String name, String text) {
    Path file = new Path(folder, name);
    try {
      HadoopFiles.writeText(files, file, text);
    } catch (IOException e) {
      throw HadoopFiles.fault("cannot be written", file, e);
    }
  }

  /**
   * Looks whether the folder may be filled, before any work is done.
   *
   * @throws WordmillException STORAGE when it is there and may not be replaced, holds what was not
   *     made here, or cannot be made
   */
  void requireFree(boolean overwrite) {
    try {
      if (!files.exists(folder)) {
        if (!files.mkdirs(folder)) {
          throw new IOException("mkdirs failed");
        }
        files.delete(folder, false);
        return;
      }
      if (!overwrite) {
        throw new WordmillException(
            ExitCode.STORAGE,
            "the output is there already",
            folder.toString(),
            "remove it, or give --overwrite");
      }
      for (FileStatus file : files.listStatus(folder)) {
        String name = file.getPath().getName();
        if (!file.isFile() || !isOurs(name)) {
          throw new WordmillException(
              ExitCode.STORAGE,
              "the output holds something else than prepared text: " + name,
              folder.toString(),
              "name another folder");
        }
      }
    } catch (IOException e) {
      throw HadoopFiles.fault("the output cannot be used", folder, e);
    }
  }

  private static boolean isOurs(String name) {
    return isShard(name) || FILES.contains(name);
  }

  /** Removes whatever is there, the index first. */
  void clear() {
    try {
      files.delete(new Path(folder, TokenIndex.FILE), false);
      files.delete(folder, true);
    } catch (IOException e) {
      throw HadoopFiles.fault("old tokens cannot be deleted", folder, e);
    }
  }

  /** Makes the folder complete. Shards that the index does not name are removed. */
  void commit(TokenIndex index) {
    try {
      files.mkdirs(folder);
      Set<String> named =
          index.shards().stream().map(TokenIndex.Shard::file).collect(Collectors.toSet());
      for (FileStatus file : files.listStatus(folder)) {
        String name = file.getPath().getName();
        if (isShard(name) && !named.contains(name)) {
          files.delete(file.getPath(), false);
        }
      }
      HadoopFiles.writeText(files, new Path(folder, TokenIndex.FILE), index.write());
    } catch (IOException e) {
      throw HadoopFiles.fault("the index of tokens cannot be written", folder, e);
    }
  }

  /**
   * The shards of an index, in its order; no file is opened.
   *
   * @param cache of blocks, where shards are not on this machine
   */
  List<StoredShard> shards(TokenIndex index, BlockCache cache) {
    return index.shards().stream()
        .map(
            shard ->
                new StoredShard(
                    new Path(folder, shard.file()),
                    shard,
                    index.vocabularySize(),
                    configuration,
                    cache))
        .toList();
  }

  /**
   * The tokens of each source, read by range where they lie.
   *
   * @param sources how many the index has
   * @param shards of the index
   */
  List<Tokens> open(TokenIndex index, int sources, List<StoredShard> shards) {
    List<List<Tokens>> parts = new ArrayList<>();
    for (int i = 0; i < sources; i++) {
      parts.add(new ArrayList<>());
    }
    for (int i = 0; i < shards.size(); i++) {
      int source = index.shards().get(i).source();
      if (source < 0 || source >= sources) {
        throw new WordmillException(
            ExitCode.CORRUPT,
            "shard " + i + " is of source " + source + ", and there are " + sources,
            new Path(folder, TokenIndex.FILE).toString(),
            "delete the folder of tokens, and it is made anew");
      }
      parts.get(source).add(shards.get(i));
    }
    return parts.stream().<Tokens>map(TokenChain::new).toList();
  }
}
