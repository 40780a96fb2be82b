package org.wordmill.submit;

import java.util.List;
import java.util.SplittableRandom;

/**
 * Kills one of a cluster's executors now and then, as {@code kill -9} does, until it is closed: the
 * times between are even between half and one and a half times a mean, and each running executor is
 * as likely as the others. Both are drawn from a seed.
 */
final class ExecutorKiller implements AutoCloseable {
  private final StandaloneCluster cluster;
  private final double meanSeconds;
  private final SplittableRandom random;
  private final Thread thread;
  private volatile int kills;

  private ExecutorKiller(StandaloneCluster cluster, double meanSeconds, long seed) {
    this.cluster = cluster;
    this.meanSeconds = meanSeconds;
    this.random = new SplittableRandom(seed);
    this.thread = new Thread(this::run, "executor-killer");
  }

  static ExecutorKiller start(StandaloneCluster cluster, double meanSeconds, long seed) {
    ExecutorKiller killer = new ExecutorKiller(cluster, meanSeconds, seed);
    killer.thread.setDaemon(true);
    killer.thread.start();
    return killer;
  }

  private void run() {
    try {
      while (true) {
        Thread.sleep(Math.round(1000 * meanSeconds * (0.5 + random.nextDouble())));
        List<ProcessHandle> running = cluster.executors();
        int chosen = random.nextInt(1 << 20);
        if (!running.isEmpty() && running.get(chosen % running.size()).destroyForcibly()) {
          kills++;
        }
      }
    } catch (InterruptedException closed) {
      // The run that it disturbed has ended.
    }
  }

  /** How many it has killed so far. */
  int kills() {
    return kills;
  }

  @Override
  public void close() throws InterruptedException {
    thread.interrupt();
    thread.join();
  }
}
