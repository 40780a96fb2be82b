package org.wordmill.train;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Examples that are far away, fetched a step ahead: when some of a step's batch are asked for, the
 * same of the next step's are begun by other threads. What nobody has fetched, or somebody else
 * took, is fetched when it is asked for; so nothing but the waiting depends on who asks when.
 */
public final class LookAhead implements Examples {
  private static final int THREADS = 8;
  private static final long IDLE_SECONDS = 10;

  private final Examples examples;
  private final ThreadPoolExecutor fetchers;
  private final Map<Part, FutureTask<Batch>> ahead = new ConcurrentHashMap<>();

  /** A part of a step's batch. */
  private record Part(long step, int first, int size) {}

  public LookAhead(Examples examples) {
    this.examples = examples;
    this.fetchers =
        new ThreadPoolExecutor(
            THREADS,
            THREADS,
            IDLE_SECONDS,
            TimeUnit.SECONDS,
            new LinkedBlockingQueue<>(),
            task -> {
              Thread thread = new Thread(task, "wordmill-look-ahead");
              thread.setDaemon(true);
              return thread;
            });
    // Nobody closes what executors keep, so idle threads go by themselves.
    fetchers.allowCoreThreadTimeOut(true);
  }

  @Override
  public long perEpoch() {
    return examples.perEpoch();
  }

  @Override
  public Batch training(long step, int first, int size) {
    FutureTask<Batch> begun = ahead.remove(new Part(step, first, size));
    ahead.keySet().removeIf(part -> part.step() < step);
    ahead.computeIfAbsent(new Part(step + 1, first, size), this::begin);
    return begun == null ? examples.training(step, first, size) : await(begun);
  }

  private FutureTask<Batch> begin(Part part) {
    FutureTask<Batch> task =
        new FutureTask<>(() -> examples.training(part.step(), part.first(), part.size()));
    fetchers.execute(task);
    return task;
  }

  private static Batch await(FutureTask<Batch> begun) {
    try {
      return begun.get();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("the training was interrupted", e);
    } catch (ExecutionException e) {
      @Nullable Throwable cause = e.getCause();
      if (cause instanceof RuntimeException fault) {
        throw fault;
      }
      throw new IllegalStateException("a batch could not be fetched", e);
    }
  }

  @Override
  public long evaluated() {
    return examples.evaluated();
  }

  @Override
  public Batch evaluation(long first, int size) {
    return examples.evaluation(first, size);
  }
}
