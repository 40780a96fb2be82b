package org.wordmill.checkpoint;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;
import org.wordmill.error.ExitCode;
import org.wordmill.error.WordmillException;
import org.wordmill.kernel.Tensor;

/**
 * A checkpoint that is being written: vectors and tokenizer at once, the manifest, which makes it
 * one, after {@link #decide} has said that the parameters are good; else all of it is deleted.
 *
 * <p>A thread of its own writes, unless vectors lie on a device, which only the thread that
 * computes may touch: then that thread writes all of it in {@link #decide}. The vectors are not
 * copied, so they must stay as they are until {@link #awaitRead} has returned. Its methods are for
 * one thread.
 */
public final class CheckpointDraft {
  private final CheckpointStore store;
  private final Snapshot snapshot;
  private final String directory;
  private final CompletableFuture<Boolean> verdict = new CompletableFuture<>();
  private final CountDownLatch read = new CountDownLatch(1);
  private final FutureTask<Optional<String>> writing =
      new FutureTask<>(this::write) {
        @Override
        protected void done() {
          read.countDown();
        }
      };
  private boolean hasThread;

  CheckpointDraft(CheckpointStore store, Snapshot snapshot) {
    this.store = store;
    this.snapshot = snapshot;
    this.directory =
        String.format(
            Locale.ROOT,
            "step-%08d.%s",
            snapshot.step(),
            UUID.randomUUID().toString().replace("-", "").substring(0, 12));
  }

  /** Has a thread of its own write. */
  void start() {
    hasThread = true;
    Thread thread = new Thread(writing, "wordmill-checkpoint");
    thread.setDaemon(true);
    thread.start();
  }

  /** The steps that the run had made. */
  public long step() {
    return snapshot.step();
  }

  /** Says whether the checkpoint is to count; only what is said first matters. */
  public void decide(boolean good) {
    verdict.complete(good);
    if (!hasThread) {
      writing.run();
    }
  }

  /**
   * Waits until the vectors are not read any more. Files may still be on their way to the disk.
   *
   * @throws WordmillException STORAGE when it could not be written
   */
  public void awaitRead() {
    try {
      read.await();
    } catch (InterruptedException e) {
      throw interrupted(e);
    }
    if (isDone()) {
      finish();
    }
  }

  /** Whether all has been written, or deleted, or has failed. */
  public boolean isDone() {
    return writing.isDone();
  }

  /**
   * Waits for the end, which comes after {@link #decide} only.
   *
   * @return the name of its directory, or empty when it was not to count
   * @throws WordmillException STORAGE when it could not be written or deleted; earlier checkpoints
   *     are untouched
   */
  public Optional<String> finish() {
    try {
      return writing.get();
    } catch (InterruptedException e) {
      throw interrupted(e);
    } catch (ExecutionException e) {
      @Nullable Throwable fault = e.getCause();
      if (fault instanceof RuntimeException exception) {
        throw exception;
      }
      if (fault instanceof Error error) {
        throw error;
      }
      throw new IllegalStateException("a checkpoint could not be written", fault);
    }
  }

  private static IllegalStateException interrupted(InterruptedException e) {
    Thread.currentThread().interrupt();
    return new IllegalStateException("interrupted while a checkpoint was written", e);
  }

  private Optional<String> write() {
    if (!verdict.getNow(true)) {
      return Optional.empty();
    }
    try {
      List<Manifest.Entry> files = new ArrayList<>();
      writeVectors(snapshot.vectors().entrySet().iterator(), files);
      files.add(write(Checkpoints.TOKENIZER, snapshot.tokenizer()));
      if (verdict.join()) {
        write(Manifest.FILE, Manifest.write(snapshot, files));
        return Optional.of(directory);
      }
    } catch (IOException e) {
      throw fault(
          "the checkpoint cannot be written: " + e,
          "make room or give another output; earlier checkpoints are untouched",
          e);
    }
    try {
      store.deleteDirectory(directory);
      return Optional.empty();
    } catch (IOException e) {
      throw fault(
          "what was written of a checkpoint that does not count cannot be deleted: " + e,
          "check the permissions; earlier checkpoints are untouched",
          e);
    }
  }

  private WordmillException fault(String what, String remedy, IOException e) {
    return new WordmillException(
        ExitCode.STORAGE, what, store.location() + "/" + directory, remedy, e);
  }

  /**
   * Writes the vectors that are left. No file is closed, which may wait for a disk, before the last
   * vector has been read.
   *
   * @param files to which theirs are added, in the order of the vectors
   */
  private void writeVectors(Iterator<Map.Entry<String, Tensor>> left, List<Manifest.Entry> files)
      throws IOException {
    if (!left.hasNext()) {
      read.countDown();
      return;
    }
    Map.Entry<String, Tensor> vector = left.next();
    String file = vector.getKey() + Checkpoints.SUFFIX;
    CRC32C crc = new CRC32C();
    try (OutputStream out = create(file)) {
      VectorFile.write(vector.getValue(), out, crc);
      writeVectors(left, files);
    }
    files.add(0, entry(file, crc));
  }

  private Manifest.Entry write(String file, String text) throws IOException {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    CRC32C crc = new CRC32C();
    crc.update(bytes);
    try (OutputStream out = create(file)) {
      out.write(bytes);
    }
    return entry(file, crc);
  }

  private OutputStream create(String file) throws IOException {
    return new BufferedOutputStream(store.create(directory, file), 1 << 16);
  }

  private Manifest.Entry entry(String file, CRC32C crc) throws IOException {
    OptionalLong length = store.length(directory, file);
    if (length.isEmpty()) {
      throw new IOException(file + " was written and is not there");
    }
    return new Manifest.Entry(file, length.getAsLong(), Manifest.crc(crc));
  }
}
