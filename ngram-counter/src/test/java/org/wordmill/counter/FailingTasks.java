package org.wordmill.counter;

import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.spark.TaskContext;
import org.apache.spark.api.plugin.DriverPlugin;
import org.apache.spark.api.plugin.ExecutorPlugin;
import org.apache.spark.api.plugin.PluginContext;
import org.apache.spark.api.plugin.SparkPlugin;
import org.jspecify.annotations.Nullable;

/**
 * Makes the first attempt of one partition fail in every stage: when it has done its work, so that
 * all of that is there twice, or, where it writes output, when it begins to. (Spark itself ends a
 * job one of whose tasks fails after its output was committed.)
 */
public final class FailingTasks implements SparkPlugin {
  private static final int NONE = -1;
  private static final Set<Long> WRITERS = ConcurrentHashMap.newKeySet();
  private static final Set<Integer> FAILED_STAGES = ConcurrentHashMap.newKeySet();
  private static volatile int partition = NONE;

  /** The stages in which a task failed while {@code run} ran. */
  static Set<Integer> failing(int ofPartition, Runnable run) {
    FAILED_STAGES.clear();
    WRITERS.clear();
    partition = ofPartition;
    try {
      run.run();
    } finally {
      partition = NONE;
    }
    return Set.copyOf(FAILED_STAGES);
  }

  /** Called where a task begins to write. */
  static void write() {
    TaskContext task = TaskContext.get();
    if (task != null && isToFail(task)) {
      WRITERS.add(task.taskAttemptId());
      fail(task);
    }
  }

  private static boolean isToFail(TaskContext task) {
    return task.attemptNumber() == 0 && task.partitionId() == partition;
  }

  private static void fail(TaskContext task) {
    FAILED_STAGES.add(task.stageId());
    throw new IllegalStateException("this attempt fails, as the test wants");
  }

  @Override
  public @Nullable DriverPlugin driverPlugin() {
    return null;
  }

  @Override
  public ExecutorPlugin executorPlugin() {
    return new ExecutorPlugin() {
      @Override
      public void init(PluginContext context, Map<String, String> configuration) {}

      @Override
      public void onTaskStart() {
        TaskContext task = TaskContext.get();
        if (isToFail(task)) {
          task.addTaskCompletionListener(
              done -> {
                if (!WRITERS.contains(done.taskAttemptId())) {
                  fail(done);
                }
              });
        }
      }
    };
  }
}
