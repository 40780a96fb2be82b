package org.wordmill.trainer;

import java.io.BufferedInputStream;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.wordmill.error.ExitCode;
import org.wordmill.error.WordmillException;
import org.wordmill.train.TokenChain;
import org.wordmill.train.TokenShard;
import org.wordmill.train.Tokens;

/** A folder of token shards on any file system that Hadoop knows. */
final class TokenStore {
  private final Path folder;
  private final FileSystem files;

  TokenStore(Path folder, Configuration configuration) {
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

  /** Removes whatever is there, the index first. */
  void clear() {
    try {
      files.delete(new Path(folder, TokenIndex.FILE), false);
      files.delete(folder, true);
    } catch (IOException e) {
      throw HadoopFiles.fault("old tokens cannot be deleted", folder, e);
    }
  }

  /** Makes the folder complete. Files that no shard of the index names are removed. */
  void commit(TokenIndex index) {
    try {
      files.mkdirs(folder);
      List<String> named = index.shards().stream().map(TokenIndex.Shard::file).toList();
      for (FileStatus file : files.listStatus(folder)) {
        if (!named.contains(file.getPath().getName())) {
          files.delete(file.getPath(), false);
        }
      }
      HadoopFiles.writeText(files, new Path(folder, TokenIndex.FILE), index.write());
    } catch (IOException e) {
      throw HadoopFiles.fault("the index of tokens cannot be written", folder, e);
    }
  }

  /**
   * Reads the whole corpus into memory.
   *
   * @param sources how many the index has
   * @return the tokens of each
   */
  List<Tokens> read(TokenIndex index, int sources) {
    List<List<Tokens>> parts = new ArrayList<>();
    for (int i = 0; i < sources; i++) {
      parts.add(new ArrayList<>());
    }
    for (TokenIndex.Shard shard : index.shards()) {
      Path file = new Path(folder, shard.file());
      try {
        long length = files.getFileStatus(file).getLen();
        try (InputStream in = new BufferedInputStream(files.open(file), 1 << 16)) {
          Tokens part = TokenShard.read(in, length, file.toString(), index.vocabularySize());
          if (part.size() != shard.tokens()) {
            throw new WordmillException(
                ExitCode.CORRUPT,
                "found " + part.size() + " tokens, the index says " + shard.tokens(),
                file.toString(),
                "delete the folder of tokens, and it is made anew");
          }
          if (shard.source() < 0 || shard.source() >= sources) {
            throw new WordmillException(
                ExitCode.CORRUPT,
                "the shard is of source " + shard.source() + ", and there are " + sources,
                file.toString(),
                "delete the folder of tokens, and it is made anew");
          }
          parts.get(shard.source()).add(part);
        }
      } catch (IOException e) {
        throw HadoopFiles.fault("the token shard cannot be read", file, e);
      }
    }
    return parts.stream().<Tokens>map(TokenChain::new).toList();
  }
}
