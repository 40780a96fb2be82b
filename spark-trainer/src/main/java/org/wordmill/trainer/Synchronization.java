package org.wordmill.trainer;

import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.spark.api.java.JavaSparkContext;
import org.wordmill.error.ExitCode;
import org.wordmill.error.WordmillException;
import org.wordmill.train.GradientSync;
import org.wordmill.train.TeamSync;
import org.wordmill.train.TrainingState;
import org.wordmill.train.WorkerTeam;

/** How the workers of a run come by parameters and gradients; all ways give the same bits. */
public enum Synchronization {
  /** {@link #SHARED} where it can be, else {@link #BROADCAST}. */
  AUTO,
  /** One Spark job a step: parameters out as a broadcast, gradients back to the driver. */
  BROADCAST,
  /** In local mode: one Spark job a run, whose tasks share the driver's memory. */
  SHARED;

  private static final Pattern LOCAL = Pattern.compile("local(?:\\[(\\*|\\d+)(?:,\\s*\\d+)?\\])?");

  GradientSync start(JavaSparkContext spark, RunSpec spec, TrainingState state) {
    int slots = localSlots(spark.sc().master());
    // On a device each thread has its own place for tensors, so nothing can be shared.
    boolean possible =
        slots > 0
            && state
                .config()
                .kernels()
                .create(state.kernels().precision())
                .reaches(state.values().flat());
    if (this == SHARED && !possible) {
      throw new WordmillException(
          ExitCode.USAGE,
          "workers cannot share memory: the master is "
              + spark.sc().master()
              + ", the kernels are "
              + state.kernels().name(),
          "sync = " + name().toLowerCase(Locale.ROOT),
          "use local mode and kernels of the CPU, or sync = auto");
    }
    if (this == BROADCAST || !possible) {
      return new BroadcastSync(spark, spec, state);
    }
    int partitions = state.config().batching().partitions();
    WorkerTeam team = new WorkerTeam(Math.min(slots, partitions));
    ExecutorShare share = ExecutorShare.of(spec);
    WorkerJob.start(spark, spec, team);
    return new TeamSync(state, share.trainingStep(), share.evaluationStep(), team);
  }

  /** The tasks that run at once in this process; 0 when the master is a cluster. */
  static int localSlots(String master) {
    Matcher local = LOCAL.matcher(master);
    if (!local.matches()) {
      return 0;
    }
    String slots = local.group(1);
    if (slots == null) {
      return 1;
    }
    return slots.equals("*") ? Runtime.getRuntime().availableProcessors() : Integer.parseInt(slots);
  }
}
