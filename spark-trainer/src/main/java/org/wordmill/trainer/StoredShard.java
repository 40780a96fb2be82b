package org.wordmill.trainer;

import java.io.EOFException;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.RawLocalFileSystem;
import org.jspecify.annotations.Nullable;
import org.wordmill.error.ExitCode;
import org.wordmill.error.WordmillException;
import org.wordmill.train.ByteRange;
import org.wordmill.train.ShardTokens;
import org.wordmill.train.Tokens;

/**
 * A token shard on any file system that Hadoop knows, opened when its first token is wanted: a file
 * of this machine is mapped into memory, others are read by range.
 */
final class StoredShard implements Tokens {
  private final Path path;
  private final TokenIndex.Shard shard;
  private final int vocabularySize;
  private final Configuration configuration;
  private final BlockCache cache;
  private volatile @Nullable ShardTokens opened;

  /**
   * @param path of the file
   * @param shard what the index says of it
   */
  StoredShard(
      Path path,
      TokenIndex.Shard shard,
      int vocabularySize,
      Configuration configuration,
      BlockCache cache) {
    this.path = path;
    this.shard = shard;
    this.vocabularySize = vocabularySize;
    this.configuration = configuration;
    this.cache = cache;
  }

  @Override
  public long size() {
    return shard.tokens();
  }

  @Override
  public void copy(long from, int[] into, int offset, int length) {
    ShardTokens tokens = opened;
    if (tokens == null) {
      tokens = open();
      opened = tokens;
    }
    tokens.copy(from, into, offset, length);
  }

  /** Whether reading it goes over a network, as far as anybody can tell. */
  boolean isRemote() {
    try {
      return local(HadoopFiles.of(path, configuration)).isEmpty();
    } catch (IOException e) {
      throw HadoopFiles.fault("the token shard cannot be read", path, e);
    }
  }

  private Optional<java.nio.file.Path> local(FileSystem files) {
    return files instanceof RawLocalFileSystem raw
        ? Optional.of(raw.pathToFile(path).toPath())
        : Optional.empty();
  }

  private ShardTokens open() {
    return open(
        (files, length) -> {
          Optional<java.nio.file.Path> local = local(files);
          return local.isPresent()
              ? ByteRange.mapped(local.get())
              : cache.file(files, path, length);
        });
  }

  /** How the bytes of a file of a known length are read. */
  private interface Opener {
    ByteRange open(FileSystem files, long length) throws IOException;
  }

  private ShardTokens open(Opener opener) {
    try {
      FileSystem files = HadoopFiles.of(path, configuration);
      long length = files.getFileStatus(path).getLen();
      ShardTokens tokens =
          ShardTokens.open(opener.open(files, length), length, path.toString(), vocabularySize);
      if (length != shard.bytes() || tokens.size() != shard.tokens()) {
        throw corrupt(
            "found "
                + tokens.size()
                + " tokens in "
                + length
                + " bytes, the index says "
                + shard.tokens()
                + " in "
                + shard.bytes());
      }
      return tokens;
    } catch (FileNotFoundException e) {
      throw new WordmillException(
          ExitCode.STORAGE,
          "a token shard that the index names is not there",
          path.toString(),
          "make the tokens again from their text, on storage that every machine sees",
          e);
    } catch (IOException e) {
      throw HadoopFiles.fault("the token shard cannot be read", path, e);
    }
  }

  /**
   * Reads the whole file, from its beginning to its end.
   *
   * @param hasChecksum whether the index's checksum is to be compared, too
   * @throws WordmillException CORRUPT when it is not what the index says; BAD_INPUT when an id does
   *     not belong to the vocabulary
   */
  void verify(boolean hasChecksum) {
    try (Sequential sequential = new Sequential()) {
      int crc = open(sequential::of).verify();
      if (hasChecksum && crc != shard.crc32c()) {
        throw corrupt("this is another shard than the index names: its checksum differs");
      }
    } catch (IOException e) {
      throw HadoopFiles.fault("the token shard cannot be read", path, e);
    }
  }

  /** Bytes in their order, from one stream, where the file is not mapped. */
  private final class Sequential implements AutoCloseable {
    private @Nullable InputStream in;
    private long at;

    ByteRange of(FileSystem files, long length) throws IOException {
      Optional<java.nio.file.Path> local = local(files);
      if (local.isPresent()) {
        return ByteRange.mapped(local.get());
      }
      return (position, count) -> {
        InputStream stream = in;
        if (stream == null || position != at) {
          close();
          stream = files.open(path);
          stream.skipNBytes(position);
          in = stream;
        }
        byte[] some = new byte[count];
        if (stream.readNBytes(some, 0, count) < count) {
          throw new EOFException(path.toString());
        }
        at = position + count;
        return ByteBuffer.wrap(some);
      };
    }

    @Override
    public void close() throws IOException {
      InputStream stream = in;
      in = null;
      if (stream != null) {
        stream.close();
      }
    }
  }

  private WordmillException corrupt(String what) {
    return new WordmillException(
        ExitCode.CORRUPT, what, path.toString(), "make the tokens again from their text");
  }
}
