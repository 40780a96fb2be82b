package org.wordmill.submit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.apache.spark.SparkConf;
import org.apache.spark.SparkEnv;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerExecutorAdded;
import org.apache.spark.scheduler.SparkListenerTaskEnd;
import org.apache.spark.scheduler.SparkListenerTaskStart;

/**
 * Inside a driver: kills the executor that the first task of each stage runs on, once for each
 * stage, as {@code kill -9} does. For {@code spark.extraListeners}, where all processes are on this
 * machine.
 */
public final class StageKiller extends SparkListener {
  /** The setting that names the file which the killings are told to. */
  static final String LOG = "spark.wordmill.test.kills";

  private final Path log;
  private final Map<String, ProcessHandle> executors = new HashMap<>();
  private final Set<Integer> stages = new HashSet<>();
  private final Set<Long> tasks = new HashSet<>();

  public StageKiller(SparkConf conf) {
    this.log = Path.of(conf.get(LOG));
  }

  /** Looks for the process now, because a task may be quicker than that. */
  @Override
  public void onExecutorAdded(SparkListenerExecutorAdded added) {
    String application = SparkEnv.get().conf().getAppId();
    String executor = "--executor-id " + added.executorId() + " ";
    ProcessHandle.allProcesses()
        .filter(
            process -> {
              String command = process.info().commandLine().orElse("");
              return command.contains("CoarseGrainedExecutorBackend")
                  && command.contains(application)
                  && command.contains(executor);
            })
        .forEach(process -> executors.put(added.executorId(), process));
  }

  @Override
  public void onTaskStart(SparkListenerTaskStart started) {
    if (stages.add(started.stageId())) {
      String executor = started.taskInfo().executorId();
      ProcessHandle process = executors.get(executor);
      boolean killed = process != null && process.destroyForcibly();
      tasks.add(started.taskInfo().taskId());
      tell(
          "stage " + started.stageId() + ": executor " + executor + (killed ? " killed" : " gone"));
    }
  }

  @Override
  public void onTaskEnd(SparkListenerTaskEnd ended) {
    if (tasks.remove(ended.taskInfo().taskId())) {
      String how = ended.taskInfo().successful() ? " had ended before" : " was lost";
      tell("stage " + ended.stageId() + ": its first task" + how);
    }
  }

  private void tell(String what) {
    try {
      Files.writeString(log, what + "\n", StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
