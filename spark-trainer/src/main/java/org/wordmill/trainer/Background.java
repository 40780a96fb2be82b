package org.wordmill.trainer;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;

/** Work that one thread does in turn beside a Spark job. {@link #close} waits until all is done. */
final class Background implements AutoCloseable {
  private final ExecutorService thread;
  private final List<Future<?>> begun = new ArrayList<>();

  /**
   * @param thread one, and not shut down here
   */
  Background(ExecutorService thread) {
    this.thread = thread;
  }

  /** Has something done after what has been begun before. */
  synchronized void begin(Work work) {
    begun.add(
        thread.submit(
            () -> {
              work.run();
              return null;
            }));
  }

  /**
   * Waits.
   *
   * @throws IllegalStateException when something has failed
   */
  @Override
  public synchronized void close() {
    for (Future<?> work : begun) {
      try {
        work.get();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new IllegalStateException("interrupted while gradients were added up", e);
      } catch (ExecutionException e) {
        throw new IllegalStateException("gradients cannot be added up", e.getCause());
      }
    }
  }

  /** What is to be done. */
  @FunctionalInterface
  interface Work {
    void run() throws InterruptedException;
  }
}
