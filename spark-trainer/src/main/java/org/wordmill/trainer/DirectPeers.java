package org.wordmill.trainer;

import java.io.Closeable;
import java.io.DataInputStream;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * One worker's connections to all others of its team, one each. What is sent to a peer, and what is
 * received from it, each has a thread of its own: so whatever the sizes, somebody always takes in
 * what somebody else sends, and nobody waits in a circle.
 */
final class DirectPeers implements Closeable {
  private static final int END_SECONDS = 10;

  private final int rank;
  private final @Nullable DirectLink[] links;
  private final ExecutorService[] senders;
  private final ExecutorService[] receivers;
  private final List<Future<?>> begun = new ArrayList<>();
  private boolean closed;

  /** Work on one connection. */
  @FunctionalInterface
  interface Work {
    void on(DirectLink link) throws IOException;
  }

  DirectPeers(int rank, int workers) {
    this.rank = rank;
    this.links = new DirectLink[workers];
    this.senders = new ExecutorService[workers];
    this.receivers = new ExecutorService[workers];
    for (int peer = 0; peer < workers; peer++) {
      senders[peer] = thread("wordmill-to-" + peer);
      receivers[peer] = thread("wordmill-from-" + peer);
    }
  }

  private static ExecutorService thread(String name) {
    return Executors.newSingleThreadExecutor(work -> DirectDoor.daemon(work, name));
  }

  /** Lets a worker of a higher rank in, which has called. */
  void welcome(DirectLink link, DataInputStream hello) throws IOException {
    int peer = hello.readInt();
    if (peer <= rank || peer >= links.length) {
      throw new IOException("worker " + peer + " has no business with worker " + rank);
    }
    put(peer, link);
  }

  private synchronized void put(int peer, DirectLink link) throws IOException {
    if (closed || links[peer] != null) {
      throw new IOException("worker " + peer + " is not expected now");
    }
    links[peer] = link;
    notifyAll();
  }

  /**
   * Connects to the workers of lower rank, and waits for those of higher rank.
   *
   * @param addresses of all workers, by rank
   */
  void join(List<InetSocketAddress> addresses, DirectSecret secret, int limitMillis)
      throws IOException, InterruptedException {
    for (int peer = 0; peer < rank; peer++) {
      DirectLink link = DirectLink.call(addresses.get(peer), secret);
      link.send(DirectMessage.HELLO, hello -> hello.writeInt(rank));
      put(peer, link);
    }
    long deadline = System.nanoTime() + limitMillis * 1_000_000L;
    synchronized (this) {
      for (int peer = rank + 1; peer < links.length; peer++) {
        while (links[peer] == null) {
          long left = (deadline - System.nanoTime()) / 1_000_000L;
          if (left <= 0) {
            throw new IOException("worker " + peer + " has not called for " + limitMillis + " ms");
          }
          wait(left);
        }
      }
    }
  }

  /** Has {@code work} done by the thread that sends to a peer, after what it was given before. */
  void sending(int peer, Work work) {
    begin(senders[peer], peer, work);
  }

  /** Has {@code work} done by the thread that receives from a peer. */
  void receiving(int peer, Work work) {
    begin(receivers[peer], peer, work);
  }

  private void begin(ExecutorService thread, int peer, Work work) {
    Callable<?> call =
        () -> {
          try {
            work.on(link(peer));
          } catch (IOException e) {
            // The others shall not wait for what cannot come any more.
            close();
            throw new IOException("the connection to worker " + peer + " is lost: " + e, e);
          }
          return null;
        };
    try {
      begun.add(thread.submit(call));
    } catch (RejectedExecutionException closedMeanwhile) {
      IOException lost = new IOException("the connections to other workers are closed");
      begun.add(CompletableFuture.failedFuture(lost));
    }
  }

  private synchronized DirectLink link(int peer) throws IOException {
    DirectLink link = links[peer];
    if (link == null) {
      throw new IOException("it was never made");
    }
    return link;
  }

  /**
   * Waits until all that was begun is done.
   *
   * @throws IOException what was the first to fail
   */
  void finish() throws IOException, InterruptedException {
    try {
      for (Future<?> work : begun) {
        work.get();
      }
    } catch (ExecutionException e) {
      if (e.getCause() instanceof IOException lost) {
        throw lost;
      }
      throw new IllegalStateException("an exchange between workers failed", e.getCause());
    } finally {
      begun.clear();
    }
  }

  @Override
  public synchronized void close() {
    closed = true;
    for (DirectLink link : links) {
      if (link != null) {
        DirectDoor.close(link);
      }
    }
    for (int peer = 0; peer < links.length; peer++) {
      senders[peer].shutdown();
      receivers[peer].shutdown();
    }
  }

  /** Closes all connections, and waits until no thread uses what it was given any more. */
  void end() {
    close();
    try {
      for (int peer = 0; peer < links.length; peer++) {
        senders[peer].awaitTermination(END_SECONDS, TimeUnit.SECONDS);
        receivers[peer].awaitTermination(END_SECONDS, TimeUnit.SECONDS);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
