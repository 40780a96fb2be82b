package org.wordmill.trainer;

import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.apache.spark.SparkConf;
import org.apache.spark.api.java.JavaSparkContext;
import org.wordmill.checkpoint.Checkpoints;
import org.wordmill.error.ExitCode;
import org.wordmill.error.WordmillException;
import org.wordmill.train.GradientSync;
import org.wordmill.train.TrainingState;

/** When workers may be connected directly, and how that is begun on a cluster. */
final class DirectChoice {
  /** Spark encrypts its connections, and ours would not be. */
  private static final List<String> ENCRYPTION =
      List.of(
          "spark.network.crypto.enabled",
          "spark.authenticate.enableSaslEncryption",
          "spark.ssl.rpc.enabled");

  private DirectChoice() {}

  /** Why this cluster and this run cannot have it; empty when they can. */
  static Optional<String> obstacle(SparkConf conf, TrainingState state) {
    if (conf.getBoolean("spark.dynamicAllocation.enabled", false)) {
      return Optional.of("spark.dynamicAllocation.enabled is true, and its workers stay");
    }
    for (String key : ENCRYPTION) {
      if (conf.getBoolean(key, false)) {
        return Optional.of(key + " is true, and its connections are not encrypted");
      }
    }
    if (!state.values().flat().isOnHost()) {
      return Optional.of("the " + state.kernels().name() + " kernels compute on a device");
    }
    return Optional.empty();
  }

  /** Why {@code auto} does not take it; empty when it does. */
  static Optional<String> objection(JavaSparkContext spark, TrainingState state) {
    if (state.config().batching().partitions() < 2) {
      return Optional.of("there is one partition");
    }
    return obstacle(spark.getConf(), state)
        .or(
            () ->
                DirectJob.slots(spark) < 2
                    ? Optional.of("the cluster runs fewer than two tasks at once")
                    : Optional.empty());
  }

  /**
   * Checks that it can be had.
   *
   * @throws WordmillException USAGE when it cannot
   */
  static void require(SparkConf conf, TrainingState state) {
    obstacle(conf, state)
        .ifPresent(
            why -> {
              throw new WordmillException(
                  ExitCode.USAGE, why, "sync = direct", "change that, or use sync = auto");
            });
  }

  /** Begins. */
  static GradientSync start(
      JavaSparkContext spark,
      RunSpec spec,
      TrainingState state,
      Checkpoints checkpoints,
      Consumer<String> notices) {
    DirectNetwork network = DirectNetwork.of(spark.getConf());
    DirectJob job =
        new DirectJob(spark, spec.config().batching().partitions(), network.limitMillis());
    return new DirectSync(
        state,
        job,
        (workers, heard) -> new DirectTeam(state, spec, job, workers, network, heard),
        step -> state.takeBack(step, checkpoints),
        notices);
  }
}
