package org.wordmill.trainer;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import org.apache.spark.api.java.JavaSparkContext;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.wordmill.model.TransformerConfig;
import org.wordmill.train.Batching;
import org.wordmill.train.GradientPrecision;
import org.wordmill.train.RecordedMetrics;
import org.wordmill.train.SmallRun;
import org.wordmill.train.TrainingConfig;

/** Gradients of 16 bits, whichever way they are added up. */
@ExtendWith(LocalSpark.class)
class RoundedGradientsTest {
  private static final TrainingConfig CONFIG =
      SmallRun.with(SmallRun.config(), new Batching(12, 2, 3))
          .withGradients(GradientPrecision.BF16);

  @TempDir Path folder;
  private final JavaSparkContext spark;

  RoundedGradientsTest(JavaSparkContext spark) {
    this.spark = spark;
  }

  @ParameterizedTest
  @EnumSource(names = {"BROADCAST", "SHUFFLE", "SHARED", "DIRECT"})
  void theBitsAreThoseOfOneThread(Synchronization way) throws IOException {
    RecordedMetrics single = SmallRun.train(CONFIG, folder.resolve("single"), false);
    RecordedMetrics cluster = new RecordedMetrics();
    // Tasks that fail at first are Spark's affair only where a step is a job.
    boolean jobs = way == Synchronization.BROADCAST || way == Synchronization.SHUFFLE;
    TrainingConfig config =
        jobs
            ? CONFIG.withModel(new UnreliableConfig((TransformerConfig) CONFIG.model(), 1))
            : CONFIG;
    DataParallelTrainer.train(spark, SmallJob.in(folder, way, config), cluster);
    assertThat(cluster.losses()).isEqualTo(single.losses()).hasSize(20);
    assertThat(SmallRun.parameters(folder.resolve("run/checkpoints")))
        .isEqualTo(SmallRun.parameters(folder.resolve("single")));
    assertThat(single.losses().get(19)).isLessThan(single.losses().get(0) - 0.3);
  }
}
