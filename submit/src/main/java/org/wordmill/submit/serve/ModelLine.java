package org.wordmill.submit.serve;

import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;

/**
 * A model with the line of requests in front of it: the model's one thread serves them in the order
 * in which they came.
 */
final class ModelLine {
  private final Served served;
  private final ThreadPoolExecutor worker;

  /**
   * @param waiting how many may stand in the line
   */
  ModelLine(Served served, int waiting) {
    this.served = served;
    worker =
        new ThreadPoolExecutor(
            1,
            1,
            0,
            TimeUnit.SECONDS,
            new ArrayBlockingQueue<>(waiting),
            task -> {
              Thread thread = new Thread(task, "model " + served.name());
              thread.setDaemon(true);
              return thread;
            });
  }

  Served served() {
    return served;
  }

  /**
   * Asks the model, and waits.
   *
   * @throws HttpFault when the line is full, or the time is over
   */
  <T> T ask(TimeLimit limit, Function<TimedModel, T> question) {
    FutureTask<T> task = join(limit, question);
    try {
      return answer(task, limit);
    } finally {
      leave(task, limit);
    }
  }

  /** Joins the line; whoever does leaves it too. */
  <T> FutureTask<T> join(TimeLimit limit, Function<TimedModel, T> question) {
    FutureTask<T> task =
        new FutureTask<>(
            () -> {
              limit.check();
              return question.apply(new TimedModel(served.model(), limit));
            });
    try {
      worker.execute(task);
    } catch (RejectedExecutionException e) {
      throw worker.isShutdown() ? HttpFault.stopping() : HttpFault.busy();
    }
    return task;
  }

  static <T> T answer(FutureTask<T> task, TimeLimit limit) {
    try {
      return task.get(limit.remainingNanos(), TimeUnit.NANOSECONDS);
    } catch (TimeoutException e) {
      throw HttpFault.late();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw HttpFault.stopping();
    } catch (ExecutionException e) {
      if (e.getCause() instanceof RuntimeException thrown) {
        throw thrown;
      }
      throw new IllegalStateException("the model failed", e.getCause());
    }
  }

  /** Nobody waits for this task any more: it frees its place, or ends at the next token. */
  void leave(FutureTask<?> task, TimeLimit limit) {
    limit.cancel();
    worker.remove(task);
  }

  /** Ends the thread, within a few tokens' time. Whether it did. */
  boolean stop() {
    worker.shutdownNow();
    try {
      return worker.awaitTermination(5, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return worker.isTerminated();
    }
  }
}
