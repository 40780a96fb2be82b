package org.wordmill.counter;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * Texts and files put one after the other into one file of this machine, by several threads, each
 * at its place: the kernel copies from file to file without this program seeing the bytes.
 */
final class LocalConcatenation {
  private static final int MAX_THREADS = 4;

  private final Path target;
  private final List<Callable<Void>> pieces = new ArrayList<>();
  private long length;

  /**
   * @param target exists and is empty
   */
  LocalConcatenation(Path target) {
    this.target = target;
  }

  void add(byte[] text) {
    long at = length;
    pieces.add(
        () -> {
          try (FileChannel out = open(at)) {
            ByteBuffer rest = ByteBuffer.wrap(text);
            while (rest.hasRemaining()) {
              out.write(rest);
            }
          }
          return null;
        });
    length += text.length;
  }

  /**
   * The file is deleted as soon as it is copied: its memory and its place on the disk are reused.
   */
  void add(Path file) throws IOException {
    long at = length;
    long size = Files.size(file);
    pieces.add(
        () -> {
          try (FileChannel in = FileChannel.open(file);
              FileChannel out = open(at)) {
            long done = 0;
            while (done < size) {
              long moved = in.transferTo(done, size - done, out);
              if (moved <= 0) {
                throw new IOException(file + " ends at byte " + done + " of " + size);
              }
              done += moved;
            }
          }
          Files.delete(file);
          return null;
        });
    length += size;
  }

  private FileChannel open(long position) throws IOException {
    return FileChannel.open(target, StandardOpenOption.WRITE).position(position);
  }

  /** Writes everything that was added; the first fault of any thread is thrown. */
  void write() throws IOException {
    int threads = Math.min(MAX_THREADS, Runtime.getRuntime().availableProcessors());
    ExecutorService workers = Executors.newFixedThreadPool(threads);
    try {
      for (Future<Void> piece : workers.invokeAll(pieces)) {
        piece.get();
      }
    } catch (ExecutionException e) {
      throw e.getCause() instanceof IOException fault ? fault : new IOException(e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while writing " + target, e);
    } finally {
      workers.shutdownNow();
    }
  }
}
