package org.wordmill.trainer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import org.apache.spark.SparkConf;
import org.apache.spark.api.java.JavaSparkContext;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.wordmill.checkpoint.Checkpoints;
import org.wordmill.checkpoint.LocalCheckpointStore;
import org.wordmill.error.ExitCode;
import org.wordmill.error.WordmillException;
import org.wordmill.format.json.Json;
import org.wordmill.model.TransformerConfig;
import org.wordmill.text.TextPolicy;
import org.wordmill.train.Batching;
import org.wordmill.train.RecordedMetrics;
import org.wordmill.train.SmallRun;
import org.wordmill.train.StepMetrics;
import org.wordmill.train.TrainingConfig;
import org.wordmill.train.TrainingListener;
import org.wordmill.train.TrainingState;

/**
 * Training by a barrier stage that stays: when Spark ends it, when it cannot work, when it must
 * not.
 */
@ExtendWith(LocalSpark.class)
class DirectTrainingTest {
  private static final TrainingConfig CONFIG =
      SmallRun.with(SmallRun.withVocabulary(SmallRun.config(), 0), new Batching(12, 2, 3));

  @TempDir Path folder;
  private final JavaSparkContext spark;

  DirectTrainingTest(JavaSparkContext spark) {
    this.spark = spark;
  }

  @BeforeEach
  void writeText() throws IOException {
    Files.writeString(folder.resolve("text.txt"), SmallRun.TEXT);
    Files.writeString(folder.resolve("validation.txt"), SmallRun.VALIDATION);
  }

  private void train(
      TrainingConfig config,
      String output,
      boolean resume,
      Synchronization way,
      TrainingListener... listeners) {
    DataParallelTrainer.train(
        spark,
        new TrainingJob(
            List.of(folder.resolve("text.txt").toUri().toString()),
            List.of(folder.resolve("validation.txt").toUri().toString()),
            folder.resolve(output).toUri().toString(),
            resume,
            Tokenization.characters(TextPolicy.DEFAULT),
            way,
            config),
        TrainingListener.all(List.of(listeners)));
  }

  private String parameters(String output) throws IOException {
    Path place = folder.resolve(output).resolve("checkpoints");
    Checkpoints checkpoints = new Checkpoints(new LocalCheckpointStore(place), notice -> {});
    Path newest = place.resolve(checkpoints.list().get(0).directory());
    String all = "";
    for (String vector : List.of("parameters", "moment1", "moment2")) {
      all +=
          new String(
              Files.readAllBytes(newest.resolve(vector + ".f32")), StandardCharsets.ISO_8859_1);
    }
    return all;
  }

  /** Steps, losses and evaluations of the log, without times. */
  private List<String> logged(String output) throws IOException {
    List<String> logged = new ArrayList<>();
    for (String line : Files.readAllLines(folder.resolve(output).resolve("metrics.jsonl"))) {
      var metrics = Json.parse(line, "metrics.jsonl");
      logged.add(
          metrics.path("step") + " " + metrics.path("loss") + metrics.path("validation_loss"));
    }
    return logged;
  }

  @Test
  void aStageThatSparkEndsIsBegunAgainWithTheSameBitsAndEveryLineOnce() throws IOException {
    train(CONFIG, "shared", false, Synchronization.SHARED, new RecordedMetrics());
    RecordedMetrics metrics = new RecordedMetrics();
    TrainingListener unlucky =
        new TrainingListener() {
          @Override
          public void step(StepMetrics step) {
            if (step.step() == 3 || step.step() == 8) {
              endTheStage();
            }
          }
        };
    train(CONFIG, "direct", false, Synchronization.DIRECT, metrics, unlucky);
    assertThat(parameters("direct")).isEqualTo(parameters("shared"));
    assertThat(logged("direct")).isEqualTo(logged("shared"));
    assertThat(metrics.notices())
        .hasSize(2)
        .allSatisfy(n -> assertThat(n).contains("new workers begin at step"));
  }

  /**
   * Has Spark end the workers, and waits until it has: it takes orders in a thread of its own, and
   * on a busy machine steps are quicker than that thread.
   */
  private void endTheStage() {
    spark.sc().cancelAllJobs();
    Instant latest = Instant.now().plusSeconds(60);
    while (spark.statusTracker().getActiveJobIds().length > 0) {
      assertThat(Instant.now()).as("Spark ends a cancelled stage").isBefore(latest);
      LockSupport.parkNanos(1_000_000);
    }
  }

  @Test
  void aResumedRunIsTheUnbrokenOneWhoeverBeganIt() throws IOException {
    train(CONFIG, "shared", false, Synchronization.SHARED, new RecordedMetrics());
    TrainingConfig begun = SmallRun.withSteps(CONFIG, 7);
    train(begun, "run", false, Synchronization.DIRECT, new RecordedMetrics());
    train(SmallRun.withSteps(CONFIG, 14), "run", true, Synchronization.SHARED);
    train(CONFIG, "run", true, Synchronization.DIRECT, new RecordedMetrics());
    assertThat(parameters("run")).isEqualTo(parameters("shared"));
    assertThat(logged("run").stream().filter(line -> line.startsWith("20 ")).toList())
        .isEqualTo(logged("shared").stream().filter(line -> line.startsWith("20 ")).toList());
  }

  @Test
  void aWorkerThatAlwaysFailsEndsTheTrainingWithItsWords() {
    TransformerConfig model = (TransformerConfig) CONFIG.model();
    TrainingConfig config =
        SmallRun.with(CONFIG, new UnreliableConfig(model, UnreliableConfig.ALWAYS));
    RecordedMetrics metrics = new RecordedMetrics();
    assertThatThrownBy(() -> train(config, "hopeless", false, Synchronization.DIRECT, metrics))
        .hasMessageContaining("failed 4 times in a row")
        .hasStackTraceContaining("this attempt fails, as the test wants");
    assertThat(metrics.notices()).hasSize(3);
  }

  @Test
  void itIsRefusedWhereItsConnectionsWouldBeTheOnesWithoutEncryption() {
    TrainingState state = new TrainingState(SmallRun.config());
    SparkConf conf = new SparkConf(false);
    assertThat(DirectChoice.obstacle(conf, state)).isEmpty();
    for (String key : List.of("spark.network.crypto.enabled", "spark.dynamicAllocation.enabled")) {
      assertThat(DirectChoice.obstacle(conf.clone().set(key, "true"), state).orElse(""))
          .contains(key + " is true");
    }
    assertThatThrownBy(() -> DirectChoice.require(conf.set("spark.ssl.rpc.enabled", "true"), state))
        .isInstanceOfSatisfying(
            WordmillException.class, e -> assertThat(e.exitCode()).isEqualTo(ExitCode.USAGE))
        .hasMessageContaining("sync = direct, change that, or use sync = auto");
  }
}
