package org.wordmill.submit.serve;

import java.time.Duration;

/** The requests that are being answered, so that a server can end when they have. */
final class Running {
  private int count;
  private boolean closed;

  /** Lets a request in, unless the server is stopping; whoever is let in leaves. */
  synchronized boolean enter() {
    if (closed) {
      return false;
    }
    count++;
    return true;
  }

  synchronized void leave() {
    count--;
    notifyAll();
  }

  /** Lets nobody in any more. How many are left. */
  synchronized int close() {
    closed = true;
    return count;
  }

  /** Waits until all have left, or the time is over. */
  synchronized void awaitNone(Duration time) throws InterruptedException {
    long end = System.nanoTime() + time.toNanos();
    for (long left = time.toNanos(); count > 0 && left > 0; left = end - System.nanoTime()) {
      wait(Math.max(1, left / 1_000_000));
    }
  }
}
