package org.wordmill.submit.serve;

import java.time.Duration;

/** Until when a request is worth working for. Its reader may cancel it; the model's thread asks. */
final class TimeLimit {
  private final long end;
  private volatile boolean cancelled;

  TimeLimit(Duration time) {
    end = System.nanoTime() + time.toNanos();
  }

  long remainingNanos() {
    return Math.max(0, end - System.nanoTime());
  }

  /** Nobody waits any more. */
  void cancel() {
    cancelled = true;
  }

  /**
   * @throws HttpFault when the time is over
   */
  void check() {
    if (Thread.currentThread().isInterrupted()) {
      throw HttpFault.stopping();
    }
    if (cancelled || remainingNanos() == 0) {
      throw HttpFault.late();
    }
  }
}
