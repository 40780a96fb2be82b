package org.wordmill.trainer;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.UUID;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.util.SerializableConfiguration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.wordmill.model.TransformerConfig;
import org.wordmill.train.Batching;
import org.wordmill.train.GradientSync;
import org.wordmill.train.LocalSync;
import org.wordmill.train.RecordedMetrics;
import org.wordmill.train.SmallRun;
import org.wordmill.train.TrainingConfig;
import org.wordmill.train.TrainingState;

/**
 * Gradients that come by a Spark job a step against those of one thread, bit for bit. Tasks are
 * slow at random, so that they end in any order, every third fails at first, and gradients are lost
 * after they have been computed.
 */
@ExtendWith(LocalSpark.class)
class StepJobsTest {
  private static final TrainingConfig CONFIG = SmallRun.config();

  @TempDir Path folder;
  private final JavaSparkContext spark;
  private final String run = UUID.randomUUID().toString();

  StepJobsTest(JavaSparkContext spark) {
    this.spark = spark;
  }

  @BeforeEach
  void encodeTheText() throws IOException {
    DataParallelTrainer.train(
        spark,
        SmallJob.in(folder, Synchronization.SHARED, SmallRun.withSteps(CONFIG, 1)),
        new RecordedMetrics());
  }

  @AfterEach
  void forget() {
    UnreliableConfig.LOSSES.set(0);
    ExecutorShare.forget(run);
  }

  private RunSpec spec(TrainingConfig config, Broadcast<SerializableConfiguration> hadoop) {
    return new RunSpec(
        run + config.batching().partitions(),
        config,
        folder.resolve("run/tokens/training").toUri().toString(),
        folder.resolve("run/tokens/validation").toUri().toString(),
        hadoop);
  }

  @Test
  void theSumHasTheBitsOfOneThreadHoweverManyTasksAndPartitions() {
    Broadcast<SerializableConfiguration> hadoop =
        spark.broadcast(new SerializableConfiguration(spark.hadoopConfiguration()));
    TransformerConfig model = (TransformerConfig) CONFIG.model();
    for (int partitions : new int[] {1, 2, 3, 7}) {
      TrainingConfig quiet = SmallRun.with(CONFIG, new Batching(14, 2, partitions));
      TrainingState expected = new TrainingState(quiet);
      TrainingConfig rough = SmallRun.with(quiet, new UnreliableConfig(model, partitions));
      RunSpec spec = spec(rough, hadoop);
      int size = Math.toIntExact(expected.values().layout().size());
      try (GradientSync local =
          new LocalSync(expected, SmallRun.training(), SmallRun.validation())) {
        for (int tasks : new int[] {0, 1, 17}) {
          TrainingState state = new TrainingState(rough);
          try (GradientSync sync =
              tasks == 0
                  ? new BroadcastSync(spark, spec, state)
                  : new ShuffleSync(spark, spec, state, Slicing.forTasks(size, tasks))) {
            UnreliableConfig.LOSSES.set(3 * partitions);
            GradientSync.StepSum actual = sync.gradient(tasks);
            assertThat(UnreliableConfig.LOSSES.get()).isLessThan(3 * partitions);
            GradientSync.StepSum sum = local.gradient(tasks);
            assertThat(actual.sum()).isEqualTo(sum.sum());
            assertThat(actual.squaredNorm()).isEqualTo(sum.squaredNorm()).isPositive();
            assertThat(state.gradients().flat().toFloats())
                .as("%d partitions, %d tasks", partitions, tasks)
                .isEqualTo(expected.gradients().flat().toFloats());
          }
        }
        try (GradientSync sync = new BroadcastSync(spark, spec, new TrainingState(rough))) {
          assertThat(sync.validate(0)).isEqualTo(local.validate(0));
        }
      }
    }
  }
}
