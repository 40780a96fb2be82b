package org.wordmill.train;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Threads of one process that work in step: a leader gives all of them the same work, each does its
 * own part of it, and the leader goes on when all are done. Who starts the threads is somebody
 * else's affair; each calls {@link #serve}.
 *
 * <p>When a worker's thread fails, another may take its place with {@link #serve} and does the part
 * again, unless the work cannot be repeated.
 */
public final class WorkerTeam {

  /** What the leader wants done. */
  @FunctionalInterface
  public interface Work {
    /**
     * Does the part of one worker.
     *
     * @param worker counted from 0
     */
    void run(int worker);
  }

  private final int size;
  private final boolean[] done;
  private @Nullable Work work;
  private boolean repeatable;
  private boolean dismissed;
  private @Nullable Throwable fault;

  /**
   * @param size the number of workers
   */
  public WorkerTeam(int size) {
    this.size = size;
    this.done = new boolean[size];
  }

  /** The number of workers. */
  public int size() {
    return size;
  }

  /**
   * Has every worker do its part of {@code work}, and waits for all. For the leader's thread.
   *
   * @param repeatable whether a part may be done again after it failed halfway
   * @throws IllegalStateException when a part failed for good
   */
  void run(boolean repeatable, Work work) {
    synchronized (this) {
      this.work = work;
      this.repeatable = repeatable;
      Arrays.fill(done, false);
      notifyAll();
      try {
        while (fault == null && !allDone()) {
          wait();
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new IllegalStateException("the training was interrupted", e);
      } finally {
        this.work = null;
      }
      throwFault();
    }
  }

  private boolean allDone() {
    for (boolean part : done) {
      if (!part) {
        return false;
      }
    }
    return true;
  }

  private void throwFault() {
    if (fault instanceof RuntimeException unchecked) {
      throw unchecked;
    }
    if (fault instanceof Error error) {
      throw error;
    }
    if (fault != null) {
      throw new IllegalStateException("a worker failed", fault);
    }
  }

  /**
   * Makes the current thread worker number {@code worker} until the team is dismissed.
   *
   * @throws InterruptedException when the thread is interrupted between two parts
   */
  public void serve(int worker) throws InterruptedException {
    for (Work next = await(worker); next != null; next = await(worker)) {
      try {
        next.run(worker);
      } catch (RuntimeException | Error e) {
        giveUpUnlessRepeatable(e);
        throw e;
      }
      finish(worker);
    }
  }

  private synchronized @Nullable Work await(int worker) throws InterruptedException {
    while (!dismissed && fault == null && (work == null || done[worker])) {
      wait();
    }
    return dismissed || fault != null ? null : work;
  }

  private synchronized void finish(int worker) {
    done[worker] = true;
    notifyAll();
  }

  private synchronized void giveUpUnlessRepeatable(Throwable e) {
    if (!repeatable) {
      fail(e);
    }
  }

  /** Tells the leader that there will be no workers any more, because of {@code cause}. */
  public synchronized void fail(Throwable cause) {
    if (fault == null) {
      fault = cause;
    }
    notifyAll();
  }

  /** Lets all workers go. */
  public synchronized void dismiss() {
    dismissed = true;
    notifyAll();
  }
}
