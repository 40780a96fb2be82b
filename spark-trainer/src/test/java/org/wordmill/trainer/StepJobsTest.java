package org.wordmill.trainer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.storage.BroadcastBlockId;
import org.apache.spark.util.SerializableConfiguration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.wordmill.kernel.Tensor;
import org.wordmill.model.TransformerConfig;
import org.wordmill.optim.AdamW;
import org.wordmill.optim.Sgd;
import org.wordmill.optim.UpdateRule;
import org.wordmill.train.Batching;
import org.wordmill.train.GradientSync;
import org.wordmill.train.LocalSync;
import org.wordmill.train.ModelWorkspace;
import org.wordmill.train.RecordedMetrics;
import org.wordmill.train.SmallRun;
import org.wordmill.train.TrainingConfig;
import org.wordmill.train.TrainingState;
import org.wordmill.train.VectorBlocks;

/**
 * Steps that are made by Spark jobs against those of one thread, bit for bit. Tasks are slow at
 * random, so that they end in any order, every third fails at first, and gradients are lost after
 * they have been computed.
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
  void stepsHaveTheBitsOfOneThreadHoweverManyTasksAndPartitions() {
    Broadcast<SerializableConfiguration> hadoop =
        spark.broadcast(new SerializableConfiguration(spark.hadoopConfiguration()));
    TransformerConfig model = (TransformerConfig) CONFIG.model();
    for (int partitions : new int[] {1, 2, 3, 7}) {
      TrainingConfig quiet = SmallRun.with(CONFIG, new Batching(14, 2, partitions));
      TrainingConfig rough = SmallRun.with(quiet, new UnreliableConfig(model, partitions));
      for (int tasks : new int[] {0, 1}) {
        assertStepsAreThoseOfOneThread(quiet, rough, tasks, hadoop);
      }
    }
  }

  /** Of two slices and more, some of which go away between the norm and the update. */
  @Test
  void aSumInSlicesHasTheBitsOfOneThreadByEveryRule() {
    Broadcast<SerializableConfiguration> hadoop =
        spark.broadcast(new SerializableConfiguration(spark.hadoopConfiguration()));
    TransformerConfig wide = new TransformerConfig(SmallRun.vocabularySize(), 8, 1, 2, 5 * 64, 0);
    TrainingConfig config = SmallRun.with(CONFIG, new Batching(4, 2, 2));
    for (UpdateRule rule :
        List.of(new AdamW(0.9, 0.99, 1e-8, 0.1), new Sgd(0.9, true, 0.1), new Sgd(0, false, 0))) {
      TrainingConfig quiet = SmallRun.with(SmallRun.with(config, rule), wide);
      TrainingConfig rough = SmallRun.with(quiet, new UnreliableConfig(wide, 3));
      assertThat(new TrainingState(quiet).values().layout().size())
          .isGreaterThan(4 * VectorBlocks.SIZE);
      assertStepsAreThoseOfOneThread(quiet, rough, 1, hadoop);
      assertStepsAreThoseOfOneThread(quiet, rough, 3, hadoop);
    }
  }

  @Test
  void whatALateTaskLeavesGoesAwayWithTheStepAfterTheNext() throws Exception {
    Broadcast<SerializableConfiguration> hadoop =
        spark.broadcast(new SerializableConfiguration(spark.hadoopConfiguration()));
    ExecutorShare share = ExecutorShare.of(spec(CONFIG, hadoop));
    StepBlocks first = StepBlocks.next();
    BroadcastBlockId left = first.block("gradient", 0);
    share.begin(first);
    share.begin(StepBlocks.next());
    StepBlocks.put(left, ByteBuffer.allocate(4), false);
    assertThat(StepBlocks.readHere(left, (number, parts) -> {})).isTrue();
    share.begin(StepBlocks.next());
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
    while (StepBlocks.readHere(left, (number, parts) -> {})) {
      assertThat(System.nanoTime()).isLessThan(end);
      Thread.sleep(10);
    }
  }

  @Test
  void aLateTaskOfAnOlderStepGetsNoWorkspaceThatOthersMayBeReading() {
    Broadcast<SerializableConfiguration> hadoop =
        spark.broadcast(new SerializableConfiguration(spark.hadoopConfiguration()));
    ExecutorShare share = ExecutorShare.of(spec(CONFIG, hadoop));
    StepBlocks older = StepBlocks.next();
    StepBlocks newer = StepBlocks.next();
    ModelWorkspace first = share.borrow(older);
    ModelWorkspace second = share.borrow(newer);
    assertThat(second).isNotSameAs(first);
    share.giveBack(second);
    assertThatThrownBy(() -> share.borrow(older)).hasMessageContaining("the step is over");
    assertThat(share.borrow(newer)).isSameAs(second);
  }

  /**
   * @param tasks that add up, where they are several; 0 for {@link BroadcastSync}
   */
  private void assertStepsAreThoseOfOneThread(
      TrainingConfig quiet,
      TrainingConfig rough,
      int tasks,
      Broadcast<SerializableConfiguration> hadoop) {
    int partitions = quiet.batching().partitions();
    TrainingState expected = new TrainingState(quiet);
    TrainingState state = new TrainingState(rough);
    RunSpec spec = spec(rough, hadoop);
    int size = Math.toIntExact(expected.values().layout().size());
    try (GradientSync local = new LocalSync(expected, SmallRun.training(), SmallRun.validation());
        GradientSync sync =
            tasks == 0
                ? new BroadcastSync(spark, spec, state)
                : new ShuffleSync(spark, spec, state, Slicing.forTasks(size, tasks))) {
      for (int step = 0; step < 2; step++) {
        UnreliableConfig.LOSSES.set(3 * partitions);
        GradientSync.StepSum actual = sync.gradient(step);
        assertThat(UnreliableConfig.LOSSES.get()).isLessThan(3 * partitions);
        GradientSync.StepSum sum = local.gradient(step);
        assertThat(actual.sum()).isEqualTo(sum.sum());
        assertThat(actual.squaredNorm()).isEqualTo(sum.squaredNorm()).isPositive();
        if (tasks > 0) {
          UnreliableConfig.loseBlocks(step == 0 ? "sum_1" : "(sum|gradient).*");
        }
        sync.update(state.optimizer(), 0.5, 0.01);
        local.update(expected.optimizer(), 0.5, 0.01);
        assertThat(state.optimizer().updates()).isEqualTo(step + 1);
        Iterator<Tensor> others = expected.vectors().values().iterator();
        for (Tensor vector : state.vectors().values()) {
          assertThat(vector.toFloats()).isEqualTo(others.next().toFloats());
        }
      }
      assertThat(sync.validate(0)).isEqualTo(local.validate(0));
    }
  }
}
