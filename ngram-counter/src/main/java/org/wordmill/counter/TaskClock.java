package org.wordmill.counter;

import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.LongStream;
import org.apache.spark.Success$;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.executor.TaskMetrics;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerEvent;
import org.apache.spark.scheduler.SparkListenerStageSubmitted;
import org.apache.spark.scheduler.SparkListenerTaskEnd;

/**
 * Listens to Spark for the running times of the tasks that one thread's jobs have. Spark tells of
 * them in a thread of its own, so the reader sends an event after them and waits until it comes by.
 */
final class TaskClock extends SparkListener {
  /** The property of a job that says whose it is. */
  static final String OWNER = "wordmill.tasks";

  private static final long PATIENCE_SECONDS = 5;

  private final JavaSparkContext spark;
  private final String id = UUID.randomUUID().toString();
  private final Map<Integer, Tasks> stages = new HashMap<>();

  /** What the tasks of a Spark stage took. */
  private static final class Tasks {
    private final LongStream.Builder milliseconds = LongStream.builder();
    private final LongStream.Builder bytes = LongStream.builder();
    private int count;
    private long sum;

    void add(TaskMetrics task) {
      milliseconds.add(task.executorRunTime());
      bytes.add(task.inputMetrics().bytesRead() + task.shuffleReadMetrics().totalBytesRead());
      count++;
      sum += task.executorRunTime();
    }

    TaskTimes times() {
      return TaskTimes.of(milliseconds.build().toArray(), bytes.build().toArray());
    }
  }

  private TaskClock(JavaSparkContext spark) {
    this.spark = spark;
  }

  /** Listens to the jobs of this thread until {@link #stop}. */
  static TaskClock start(JavaSparkContext spark) {
    TaskClock clock = new TaskClock(spark);
    spark.setLocalProperty(OWNER, clock.id);
    spark.sc().addSparkListener(clock);
    return clock;
  }

  void stop() {
    spark.setLocalProperty(OWNER, null);
    spark.sc().removeSparkListener(this);
  }

  /**
   * The tasks since the last call: those of the Spark stage that took the most time in sum; empty
   * when none had two tasks.
   */
  Optional<TaskTimes> lap() {
    Mark mark = new Mark(this);
    spark.sc().listenerBus().post(mark);
    mark.await();
    synchronized (stages) {
      Optional<TaskTimes> longest =
          stages.values().stream()
              .filter(tasks -> tasks.count > 1)
              .max(Comparator.comparingLong((Tasks tasks) -> tasks.sum))
              .map(Tasks::times);
      stages.clear();
      return longest;
    }
  }

  @Override
  public void onStageSubmitted(SparkListenerStageSubmitted submitted) {
    if (submitted.properties() != null && id.equals(submitted.properties().getProperty(OWNER))) {
      synchronized (stages) {
        stages.putIfAbsent(submitted.stageInfo().stageId(), new Tasks());
      }
    }
  }

  @Override
  public void onTaskEnd(SparkListenerTaskEnd end) {
    if (end.reason() instanceof Success$ && end.taskMetrics() != null) {
      synchronized (stages) {
        Tasks tasks = stages.get(end.stageId());
        if (tasks != null) {
          tasks.add(end.taskMetrics());
        }
      }
    }
  }

  @Override
  public void onOtherEvent(SparkListenerEvent event) {
    if (event instanceof Mark mark && mark.clock == this) {
      mark.passed.countDown();
    }
  }

  /** Comes by after all that was told before it. */
  private static final class Mark implements SparkListenerEvent {
    private final TaskClock clock;
    private final CountDownLatch passed = new CountDownLatch(1);

    Mark(TaskClock clock) {
      this.clock = clock;
    }

    @Override
    public boolean logEvent() {
      return false;
    }

    /** Waits, but not for ever: a bus that is too busy drops events. */
    void await() {
      try {
        boolean unused = passed.await(PATIENCE_SECONDS, TimeUnit.SECONDS);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
  }
}
