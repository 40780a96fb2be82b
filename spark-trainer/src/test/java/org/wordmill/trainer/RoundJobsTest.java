package org.wordmill.trainer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.serializer.KryoSerializer;
import org.apache.spark.serializer.SerializerInstance;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.wordmill.checkpoint.Checkpoints;
import org.wordmill.checkpoint.LocalCheckpointStore;
import org.wordmill.error.ExitCode;
import org.wordmill.error.WordmillException;
import org.wordmill.model.TransformerConfig;
import org.wordmill.train.BatchSum;
import org.wordmill.train.Batching;
import org.wordmill.train.LocalStep;
import org.wordmill.train.LocalTrainer;
import org.wordmill.train.OuterStep;
import org.wordmill.train.RecordedMetrics;
import org.wordmill.train.SmallRun;
import org.wordmill.train.StepMetrics;
import org.wordmill.train.TrainedReplica;
import org.wordmill.train.TrainingConfig;
import org.wordmill.train.TrainingReport;
import scala.reflect.ClassTag;
import scala.reflect.ClassTag$;

/**
 * Rounds of local steps by Spark jobs against those of one thread, bit for bit. Where tasks are
 * slow at random they end in any order, and every third fails at first.
 */
@ExtendWith(LocalSpark.class)
class RoundJobsTest {
  private static final OuterStep OUTER = new OuterStep(5, 0.7, 0.9);

  /** Three replicas of 2, 2 and 3 micro-batches, on a master with two threads. */
  private static final TrainingConfig CONFIG =
      SmallRun.withVocabulary(SmallRun.with(SmallRun.config(), new Batching(14, 2, 3)), 0)
          .withOuterStep(OUTER);

  @TempDir Path folder;
  private final JavaSparkContext spark;

  RoundJobsTest(JavaSparkContext spark) {
    this.spark = spark;
  }

  @Test
  void roundsHaveTheBitsOfOneThreadWhateverFailsAndInWhateverOrderTasksEnd() throws IOException {
    RecordedMetrics single = new RecordedMetrics();
    trainHere(single);
    RecordedMetrics quiet = new RecordedMetrics();
    train(CONFIG, "quiet", false, quiet);
    assertSame(quiet, "quiet", single);
    TransformerConfig model = (TransformerConfig) CONFIG.model();
    for (long seed = 1; seed <= 2; seed++) {
      RecordedMetrics rough = new RecordedMetrics();
      UnreliableConfig.LOSSES.set(20);
      TrainingReport report =
          train(CONFIG.withModel(new UnreliableConfig(model, seed)), "rough" + seed, false, rough);
      assertSame(rough, "rough" + seed, single);
      assertThat(UnreliableConfig.LOSSES.getAndSet(0)).isZero();
      assertThat(report.tokens()).isEqualTo(20L * 14 * 8);
    }
  }

  private void assertSame(RecordedMetrics metrics, String output, RecordedMetrics single)
      throws IOException {
    assertThat(metrics.losses()).isEqualTo(single.losses()).hasSize(20);
    assertThat(metrics.evaluations()).isEqualTo(single.evaluations());
    assertThat(metrics.steps())
        .extracting(StepMetrics::gradientNorm)
        .isEqualTo(single.steps().stream().map(StepMetrics::gradientNorm).toList());
    for (String vector : List.of("parameters", "moment1", "moment2", "outer_momentum")) {
      assertThat(vector(output + "/checkpoints", vector)).isEqualTo(vector("single", vector));
    }
  }

  @Test
  void aResumedRunIsTheUnbrokenOne() throws IOException {
    RecordedMetrics single = new RecordedMetrics();
    trainHere(single);
    RecordedMetrics broken = new RecordedMetrics();
    TrainingConfig half = SmallRun.withSteps(CONFIG, 10).withOuterStep(OUTER);
    train(half, "broken", false, broken);
    train(CONFIG, "broken", true, broken);
    assertSame(broken, "broken", single);
    assertThat(Files.readAllLines(folder.resolve("broken/metrics.jsonl")))
        .filteredOn(line -> line.contains("\"loss\""))
        .hasSize(20);
  }

  @ParameterizedTest
  @EnumSource(names = {"SHUFFLE", "SHARED", "DIRECT"})
  void waysThatSynchroniseEveryStepAreRefused(Synchronization way) {
    assertThatThrownBy(
            () ->
                DataParallelTrainer.train(
                    spark, job(CONFIG, "run", way, false), new RecordedMetrics()))
        .isInstanceOfSatisfying(
            WordmillException.class, e -> assertThat(e.exitCode()).isEqualTo(ExitCode.USAGE))
        .hasMessageContaining(
            "outer.local_steps = 5, sync = " + way.name().toLowerCase(Locale.ROOT))
        .hasMessageContaining("set sync=auto");
  }

  @Test
  void whatTravelsArrivesAsItWas() {
    SerializerInstance kryo = new KryoSerializer(spark.getConf()).newInstance();
    LocalStep step = new LocalStep(new BatchSum(1.5, 7), Double.NaN, false, 0.25);
    KeptReplica sent =
        new KeptReplica(new TrainedReplica(2, List.of(step, step), 9, 3.5), StepBlocks.here());
    ClassTag<KeptReplica> replica = ClassTag$.MODULE$.apply(KeptReplica.class);
    assertThat(kryo.deserialize(kryo.serialize(sent, replica), replica)).isEqualTo(sent);
  }

  private TrainingReport train(
      TrainingConfig config, String output, boolean resume, RecordedMetrics metrics) {
    return DataParallelTrainer.train(
        spark, job(config, output, Synchronization.AUTO, resume), metrics);
  }

  private TrainingJob job(
      TrainingConfig config, String output, Synchronization way, boolean resume) {
    try {
      TrainingJob job = SmallJob.in(folder, way, config);
      return new TrainingJob(
          job.input(),
          job.validation(),
          folder.resolve(output).toUri().toString(),
          resume,
          job.tokenization(),
          way,
          config);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private void trainHere(RecordedMetrics metrics) {
    LocalTrainer.train(
        CONFIG.withVocabularySize(SmallRun.vocabularySize()),
        SmallRun.tokenizer(),
        SmallRun.training(),
        SmallRun.validation(),
        new Checkpoints(new LocalCheckpointStore(folder.resolve("single")), metrics::notice),
        false,
        metrics);
  }

  private String vector(String checkpoints, String vector) throws IOException {
    Path place = folder.resolve(checkpoints);
    String newest =
        new Checkpoints(new LocalCheckpointStore(place), notice -> {}).list().get(0).directory();
    byte[] bytes = Files.readAllBytes(place.resolve(newest).resolve(vector + ".f32"));
    return new String(bytes, StandardCharsets.ISO_8859_1);
  }
}
