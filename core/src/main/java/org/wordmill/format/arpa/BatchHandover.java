package org.wordmill.format.arpa;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Hands batches of n-grams of one order to a sink in a thread of its own, one after the other, so
 * that one is added while the next is read.
 */
final class BatchHandover implements AutoCloseable {

  /** Makes the fault of an n-gram that cannot be taken. */
  @FunctionalInterface
  interface Faults {
    RuntimeException of(ArpaBatch batch, ArpaSink.Refusal refusal);
  }

  private final ArpaSink sink;
  private final Faults faults;
  private final ExecutorService thread =
      Executors.newSingleThreadExecutor(
          work -> {
            Thread adding = new Thread(work, "wordmill-arpa");
            adding.setDaemon(true);
            return adding;
          });
  private ArpaBatch reading;
  private ArpaBatch adding;
  private @Nullable Future<ArpaSink.@Nullable Refusal> added;

  BatchHandover(int order, ArpaSink sink, Faults faults) {
    this.sink = sink;
    this.faults = faults;
    reading = new ArpaBatch(order);
    adding = new ArpaBatch(order);
  }

  /** The batch that is read into. */
  ArpaBatch batch() {
    return reading;
  }

  /** Hands the batch over; there is another to read into, empty, once the one before is added. */
  void next() throws IOException {
    await();
    ArpaBatch full = reading;
    reading = adding;
    reading.clear();
    adding = full;
    added = thread.submit(() -> sink.add(full));
  }

  /** Hands the last batch over, and waits until all are added. */
  void finish() throws IOException {
    next();
    await();
  }

  private void await() throws IOException {
    if (added == null) {
      return;
    }
    ArpaSink.Refusal refusal;
    try {
      refusal = added.get();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("interrupted while n-grams were added");
    } catch (ExecutionException e) {
      throw rethrown(e.getCause());
    }
    if (refusal != null) {
      throw faults.of(adding, refusal);
    }
    added = null;
  }

  private static IOException rethrown(@Nullable Throwable fault) {
    if (fault instanceof RuntimeException unchecked) {
      throw unchecked;
    }
    if (fault instanceof Error error) {
      throw error;
    }
    return fault instanceof IOException io ? io : new IOException(fault);
  }

  /** Waits for the batch that is being added, so that nobody uses the sink when this returns. */
  @Override
  public void close() {
    thread.shutdown();
    boolean interrupted = false;
    while (!thread.isTerminated()) {
      try {
        thread.awaitTermination(1, TimeUnit.MINUTES);
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
