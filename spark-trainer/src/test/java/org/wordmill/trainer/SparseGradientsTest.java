package org.wordmill.trainer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Path;
import org.apache.spark.api.java.JavaSparkContext;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.wordmill.error.ExitCode;
import org.wordmill.error.WordmillException;
import org.wordmill.train.Batching;
import org.wordmill.train.RecordedMetrics;
import org.wordmill.train.SmallRun;
import org.wordmill.train.TopK;
import org.wordmill.train.TrainingConfig;

/** The largest elements of gradients, by workers that remember the others. */
@ExtendWith(LocalSpark.class)
class SparseGradientsTest {
  private static final TrainingConfig CONFIG =
      SmallRun.with(SmallRun.config(), new Batching(12, 2, 3)).withTopK(new TopK(0.05, 5));

  @TempDir Path folder;
  private final JavaSparkContext spark;

  SparseGradientsTest(JavaSparkContext spark) {
    this.spark = spark;
  }

  @ParameterizedTest
  @EnumSource(names = {"SHARED", "DIRECT"})
  void theBitsAreThoseOfOneThread(Synchronization way) throws IOException {
    RecordedMetrics single = SmallRun.train(CONFIG, folder.resolve("single"), false);
    RecordedMetrics cluster = new RecordedMetrics();
    DataParallelTrainer.train(spark, SmallJob.in(folder, way, CONFIG), cluster);
    assertThat(cluster.losses()).isEqualTo(single.losses()).hasSize(20);
    assertThat(SmallRun.parameters(folder.resolve("run/checkpoints")))
        .isEqualTo(SmallRun.parameters(folder.resolve("single")));
  }

  @ParameterizedTest
  @EnumSource(names = {"BROADCAST", "SHUFFLE"})
  void waysWhoseTasksForgetAreRefused(Synchronization way) {
    assertThatThrownBy(() -> SmallJob.in(folder, way, CONFIG))
        .isInstanceOfSatisfying(
            WordmillException.class, e -> assertThat(e.exitCode()).isEqualTo(ExitCode.USAGE))
        .hasMessageContaining("set sync=direct")
        .hasMessageContaining("top_k.density = 0.05");
  }
}
