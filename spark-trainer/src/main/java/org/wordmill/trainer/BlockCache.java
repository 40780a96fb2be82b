package org.wordmill.trainer;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.wordmill.train.ByteRange;

/**
 * Blocks of files that are read by range over a network: those used last, as many as some bytes of
 * memory hold, for all threads of an executor. Two threads that want the same block read it once.
 */
final class BlockCache {
  /** What one request for a window brings: little beside the time that a request takes. */
  static final int BLOCK = 1 << 16;

  /** Enough for some thousand windows ahead. */
  private static final long FEWEST_BYTES = 64L << 20;

  private static final long MOST_BYTES = 1L << 30;

  private final int capacity;
  private final Map<Key, FutureTask<byte[]>> blocks;

  private record Key(Path file, long number) {}

  /**
   * @param bytes to keep
   */
  BlockCache(long bytes) {
    this.capacity = (int) Math.max(1, bytes / BLOCK);
    this.blocks =
        new LinkedHashMap<>(16, 0.75f, true) {
          private static final long serialVersionUID = 1L;

          @Override
          protected boolean removeEldestEntry(Map.Entry<Key, FutureTask<byte[]>> eldest) {
            return size() > capacity;
          }
        };
  }

  /** Of an eighth of this process's heap, within limits. */
  static BlockCache ofHeap() {
    long share = Runtime.getRuntime().maxMemory() / 8;
    return new BlockCache(Math.max(FEWEST_BYTES, Math.min(MOST_BYTES, share)));
  }

  /**
   * A file that does not change.
   *
   * @param length in bytes
   */
  ByteRange file(FileSystem files, Path path, long length) {
    return (position, count) -> read(files, path, length, position, count);
  }

  private ByteBuffer read(FileSystem files, Path path, long length, long position, int count)
      throws IOException {
    if (position < 0 || position + count > length) {
      throw new EOFException(path + " has " + length + " bytes");
    }
    byte[] all = new byte[count];
    for (int done = 0; done < count; ) {
      long at = position + done;
      byte[] block = block(files, path, length, at / BLOCK);
      int from = (int) (at % BLOCK);
      int some = Math.min(count - done, block.length - from);
      System.arraycopy(block, from, all, done, some);
      done += some;
    }
    return ByteBuffer.wrap(all);
  }

  private byte[] block(FileSystem files, Path path, long length, long number) throws IOException {
    Key key = new Key(path, number);
    FutureTask<byte[]> block;
    synchronized (blocks) {
      block =
          blocks.computeIfAbsent(
              key, k -> new FutureTask<>(() -> fetch(files, path, length, number)));
    }
    // Whoever comes first fetches, the others wait; a finished task does nothing.
    block.run();
    try {
      return block.get();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    } catch (ExecutionException e) {
      synchronized (blocks) {
        blocks.remove(key, block);
      }
      throw e.getCause() instanceof IOException cause ? cause : new IOException(e.getCause());
    }
  }

  private static byte[] fetch(FileSystem files, Path path, long length, long number)
      throws IOException {
    byte[] block = new byte[(int) Math.min(BLOCK, length - number * BLOCK)];
    // What is known of the file spares object stores a request.
    try (FSDataInputStream in =
        files
            .openFile(path)
            .opt("fs.option.openfile.read.policy", "random")
            .optLong("fs.option.openfile.length", length)
            .build()
            .get()) {
      in.readFully(number * BLOCK, block);
      return block;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    } catch (ExecutionException e) {
      throw e.getCause() instanceof IOException cause ? cause : new IOException(e.getCause());
    }
  }
}
