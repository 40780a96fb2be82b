package org.wordmill.trainer;

import java.util.Locale;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.spark.api.java.JavaSparkContext;
import org.wordmill.checkpoint.Checkpoints;
import org.wordmill.error.ExitCode;
import org.wordmill.error.WordmillException;
import org.wordmill.kernel.OffHeapMemory;
import org.wordmill.train.GradientSync;
import org.wordmill.train.OuterStep;
import org.wordmill.train.TeamSync;
import org.wordmill.train.TopK;
import org.wordmill.train.TrainingState;
import org.wordmill.train.WorkerSync;
import org.wordmill.train.WorkerTeam;

/** How the workers of a run come by parameters and gradients; all ways give the same bits. */
public enum Synchronization {
  /**
   * {@link #SHARED} where it can be, or {@link #DIRECT}; else {@link #BROADCAST} for small
   * gradients and {@link #SHUFFLE} for large ones.
   */
  AUTO,
  /** One Spark job a step: the driver adds the gradients up. */
  BROADCAST,
  /** Two Spark jobs a step: the tasks of the second add gradients up in slices. */
  SHUFFLE,
  /** In local mode: one Spark job a run, whose tasks share the driver's memory. */
  SHARED,
  /** On fixed executors: one Spark job a run, whose tasks exchange slices with each other. */
  DIRECT;

  /**
   * The gradients of a step, all partitions together, that the driver takes in: one job is quicker
   * than two, but one driver is no match for many partitions.
   */
  private static final long FEW_BYTES = 256L << 20;

  private static final Pattern LOCAL = Pattern.compile("local(?:\\[(\\*|\\d+)(?:,\\s*\\d+)?\\])?");

  /**
   * Sets a run up.
   *
   * @param checkpoints of the run
   * @param notices told which way was chosen, and why
   */
  WorkerSync start(
      JavaSparkContext spark,
      RunSpec spec,
      TrainingState state,
      Checkpoints checkpoints,
      Consumer<String> notices) {
    if (state.config().outer().isPresent()) {
      return new RoundJobs(spark, spec, state);
    }
    int slots = localSlots(spark.sc().master());
    // On a device each thread has its own place for tensors, so nothing can be shared.
    boolean shareable =
        slots > 0
            && state
                .config()
                .kernels()
                .create(state.kernels().precision())
                .reaches(state.values().flat());
    return switch (this) {
      case AUTO ->
          auto(spark, shareable, state, notices).start(spark, spec, state, checkpoints, notices);
      case BROADCAST -> new BroadcastSync(spark, spec, state);
      case SHUFFLE ->
          new ShuffleSync(
              spark,
              spec,
              state,
              Slicing.of(
                  state.values().layout().size(),
                  state.config().batching().partitions(),
                  spark.sc().defaultParallelism()));
      case SHARED -> {
        requireShareable(shareable, spark, state);
        yield share(spark, spec, state, slots);
      }
      case DIRECT -> {
        DirectChoice.require(spark.getConf(), state);
        yield DirectChoice.start(spark, spec, state, checkpoints, notices);
      }
    };
  }

  private static Synchronization auto(
      JavaSparkContext spark, boolean shareable, TrainingState state, Consumer<String> notices) {
    int partitions = state.config().batching().partitions();
    long gradients = partitions * state.values().layout().size() * Float.BYTES;
    String size =
        "the gradients of a step, from "
            + partitions
            + (partitions == 1 ? " partition, take " : " partitions, take ")
            + OffHeapMemory.readable(gradients);
    if (shareable) {
      notices.accept("sync = auto is shared: all workers are threads of this process");
      return SHARED;
    }
    Optional<String> objection = DirectChoice.objection(spark, state);
    if (objection.isEmpty()) {
      notices.accept(
          "sync = auto is direct: the executors are fixed, and the tasks of "
              + partitions
              + " partitions exchange slices with each other");
      return DIRECT;
    }
    TopK topK = state.config().topK();
    if (topK.isPresent()) {
      throw AUTO.forgetful(topK, "nobody can hold a part of a gradient back: " + objection.get());
    }
    String not = " (not direct: " + objection.get() + ")";
    if (gradients <= FEW_BYTES) {
      notices.accept(
          "sync = auto is broadcast: " + size + ", which the driver adds up at once" + not);
      return BROADCAST;
    }
    notices.accept(
        "sync = auto is shuffle: "
            + size
            + ", which the executors of "
            + spark.sc().master()
            + " add up in slices"
            + not);
    return SHUFFLE;
  }

  /**
   * Refuses what synchronises at every step.
   *
   * @throws WordmillException USAGE
   */
  public void requireRounds(OuterStep outer) {
    if (outer.isPresent() && this != AUTO && this != BROADCAST) {
      throw new WordmillException(
          ExitCode.USAGE,
          "replicas that make local steps meet by a Spark job a round, and not in this way",
          "outer.local_steps = "
              + outer.localSteps()
              + ", sync = "
              + name().toLowerCase(Locale.ROOT),
          "set sync=auto, or outer.local_steps=0");
    }
  }

  /**
   * Refuses what has nobody who remembers what was held back.
   *
   * @throws WordmillException USAGE
   */
  public void requireWorkersThatStay(TopK topK) {
    if (topK.isPresent() && (this == BROADCAST || this == SHUFFLE)) {
      throw forgetful(topK, "the tasks of a step forget what they have held back of a gradient");
    }
  }

  private WordmillException forgetful(TopK topK, String why) {
    return new WordmillException(
        ExitCode.USAGE,
        why,
        "top_k.density = " + topK.density() + ", sync = " + name().toLowerCase(Locale.ROOT),
        "set sync=direct on a cluster whose executors stay, or top_k.density=1");
  }

  private void requireShareable(boolean shareable, JavaSparkContext spark, TrainingState state) {
    if (!shareable) {
      throw new WordmillException(
          ExitCode.USAGE,
          "workers cannot share memory: the master is "
              + spark.sc().master()
              + ", the kernels are "
              + state.kernels().name(),
          "sync = " + name().toLowerCase(Locale.ROOT),
          "use local mode and kernels of the CPU, or sync = auto");
    }
  }

  private static GradientSync share(
      JavaSparkContext spark, RunSpec spec, TrainingState state, int slots) {
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
