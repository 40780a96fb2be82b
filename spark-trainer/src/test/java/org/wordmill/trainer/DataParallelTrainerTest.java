package org.wordmill.trainer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.apache.spark.api.java.JavaSparkContext;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.wordmill.checkpoint.Checkpoints;
import org.wordmill.checkpoint.LocalCheckpointStore;
import org.wordmill.checkpoint.TrainedModel;
import org.wordmill.error.ExitCode;
import org.wordmill.error.WordmillException;
import org.wordmill.format.json.Json;
import org.wordmill.kernel.KernelChoice;
import org.wordmill.model.TransformerConfig;
import org.wordmill.optim.LearningRate;
import org.wordmill.text.TextPolicy;
import org.wordmill.train.Batching;
import org.wordmill.train.LocalTrainer;
import org.wordmill.train.RecordedMetrics;
import org.wordmill.train.SmallRun;
import org.wordmill.train.TrainingConfig;
import org.wordmill.train.TrainingReport;

@ExtendWith(LocalSpark.class)
class DataParallelTrainerTest {
  private static final TrainingConfig CONFIG = SmallRun.withVocabulary(SmallRun.config(), 0);

  @TempDir Path folder;
  private Synchronization synchronization = Synchronization.AUTO;
  private final JavaSparkContext spark;

  DataParallelTrainerTest(JavaSparkContext spark) {
    this.spark = spark;
  }

  @BeforeEach
  void writeText() throws IOException {
    int half = SmallRun.TEXT.length() / 2;
    Files.createDirectories(folder.resolve("text"));
    Files.writeString(folder.resolve("text/a.txt"), SmallRun.TEXT.substring(0, half));
    Files.writeString(folder.resolve("text/b.txt"), SmallRun.TEXT.substring(half));
    Files.writeString(folder.resolve("validation.txt"), SmallRun.VALIDATION);
  }

  @Test
  void theClusterComputesWhatASingleProcessComputes() {
    for (int partitions : new int[] {1, 2, 4}) {
      TrainingConfig config = SmallRun.with(CONFIG, Batching.of(12, partitions));
      RecordedMetrics cluster = new RecordedMetrics();
      RecordedMetrics single = new RecordedMetrics();
      // More partitions than the two threads of this master, too.
      synchronization = partitions == 2 ? Synchronization.BROADCAST : Synchronization.SHARED;
      train(config, "cluster" + partitions, cluster);
      trainHere(SmallRun.with(config, Batching.of(12, 1)), "single" + partitions, single);
      assertThat(cluster.losses()).hasSize(20);
      for (int i = 0; i < 20; i++) {
        assertThat(cluster.losses().get(i) / single.losses().get(i)).isCloseTo(1, within(1e-5));
      }
      single
          .evaluations()
          .forEach(
              (step, loss) ->
                  assertThat(cluster.evaluations().getOrDefault(step, Double.NaN) / loss)
                      .isCloseTo(1, within(1e-5)));
    }
  }

  @ParameterizedTest
  @EnumSource
  void withTheSamePartitionsItIsTheSameBitForBit(Synchronization way) {
    synchronization = way;
    for (int partitions : new int[] {2, 3}) {
      TrainingConfig config = SmallRun.with(CONFIG, new Batching(12, 2, partitions));
      RecordedMetrics cluster = new RecordedMetrics();
      RecordedMetrics single = new RecordedMetrics();
      train(config, "cluster" + partitions, cluster);
      trainHere(config, "single" + partitions, single);
      assertThat(cluster.losses()).isEqualTo(single.losses());
      assertThat(cluster.evaluations()).isEqualTo(single.evaluations());
      assertThat(parameters("cluster" + partitions + "/checkpoints"))
          .isEqualTo(parameters("single" + partitions));
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"BROADCAST", "SHUFFLE", "SHARED"})
  void slowAndFailingTasksChangeNoBit(Synchronization way) {
    synchronization = way;
    TrainingConfig config = SmallRun.with(CONFIG, new Batching(12, 3, 4));
    RecordedMetrics quiet = new RecordedMetrics();
    train(config, "quiet", quiet);
    TransformerConfig model = (TransformerConfig) config.model();
    for (long seed = 1; seed <= 2; seed++) {
      RecordedMetrics rough = new RecordedMetrics();
      train(SmallRun.with(config, new UnreliableConfig(model, seed)), "rough" + seed, rough);
      assertThat(rough.losses()).isEqualTo(quiet.losses());
      assertThat(parameters("rough" + seed + "/checkpoints"))
          .isEqualTo(parameters("quiet/checkpoints"));
    }
  }

  @Test
  void aTaskThatAlwaysFailsEndsTheTraining() {
    TransformerConfig model = (TransformerConfig) CONFIG.model();
    TrainingConfig config =
        SmallRun.with(CONFIG, new UnreliableConfig(model, UnreliableConfig.ALWAYS));
    assertThatThrownBy(() -> train(config, "hopeless", new RecordedMetrics()))
        .hasStackTraceContaining("this attempt fails, as the test wants");
  }

  @Test
  void onlyLocalMastersHaveSlotsInThisProcess() {
    assertThat(Synchronization.localSlots("local")).isEqualTo(1);
    assertThat(Synchronization.localSlots("local[3]")).isEqualTo(3);
    assertThat(Synchronization.localSlots("local[2, 4]")).isEqualTo(2);
    assertThat(Synchronization.localSlots("local[*]"))
        .isEqualTo(Runtime.getRuntime().availableProcessors());
    assertThat(Synchronization.localSlots("local-cluster[2,1,1024]")).isZero();
    assertThat(Synchronization.localSlots("spark://host:7077")).isZero();
  }

  @Test
  void aResumedRunIsTheUnbrokenOneAndSoAreItsMetrics() throws IOException {
    RecordedMetrics unbroken = new RecordedMetrics();
    train(CONFIG, "unbroken", unbroken);
    RecordedMetrics metrics = new RecordedMetrics();
    train(SmallRun.withSteps(CONFIG, 7), "broken", metrics);
    resume(CONFIG, "broken", metrics);
    assertThat(metrics.losses()).isEqualTo(unbroken.losses());
    assertThat(parameters("broken/checkpoints")).isEqualTo(parameters("unbroken/checkpoints"));
    assertThat(loggedLosses("broken")).isEqualTo(loggedLosses("unbroken")).hasSize(20);
  }

  @Test
  void noLineOfMetricsIsLostWhereAResumedRunIsKilledWhileItWritesThemAnew() throws IOException {
    train(CONFIG, "unbroken", new RecordedMetrics());
    train(SmallRun.withSteps(CONFIG, 7), "run", new RecordedMetrics());
    Path log = folder.resolve("run/metrics.jsonl");
    Path earlier = folder.resolve("run/metrics.earlier.jsonl");
    String lines = Files.readString(log);
    for (int written : new int[] {0, lines.length() / 3, lines.length()}) {
      Files.writeString(log, lines.substring(0, written));
      Files.writeString(earlier, lines);
      resume(SmallRun.withSteps(CONFIG, 7), "run", new RecordedMetrics());
      assertThat(log).hasContent(lines);
      assertThat(earlier).doesNotExist();
    }
    Files.writeString(earlier, lines.substring(0, lines.length() / 2));
    resume(CONFIG, "run", new RecordedMetrics());
    assertThat(loggedLosses("run")).isEqualTo(loggedLosses("unbroken")).hasSize(20);
  }

  @Test
  void aDamagedNewestCheckpointIsPassedOver() throws IOException {
    RecordedMetrics unbroken = new RecordedMetrics();
    train(CONFIG, "unbroken", unbroken);
    train(SmallRun.withSteps(CONFIG, 10), "run", new RecordedMetrics());
    Path newest = newest("run/checkpoints");
    Files.write(newest.resolve("moment1.f32"), new byte[100]);
    RecordedMetrics resumed = new RecordedMetrics();
    resume(CONFIG, "run", resumed);
    assertThat(resumed.notices()).anySatisfy(n -> assertThat(n).contains("step-00000010"));
    assertThat(resumed.losses()).isEqualTo(unbroken.losses().subList(5, 20));
    assertThat(loggedLosses("run")).isEqualTo(loggedLosses("unbroken"));
  }

  @Test
  void divergingStopsWithItsExitCodeAndTheRunCanGoOn() {
    train(SmallRun.withSteps(CONFIG, 10), "run", new RecordedMetrics());
    TrainingConfig wild = SmallRun.with(CONFIG, new LearningRate.Constant(1e30));
    assertFault(() -> resume(wild, "run", new RecordedMetrics()), ExitCode.DIVERGED, "diverged");
    RecordedMetrics after = new RecordedMetrics();
    assertThat(resume(CONFIG, "run", after).steps()).isEqualTo(20);
    assertThat(after.losses()).hasSize(10);
  }

  @Test
  void aDamagedTokenShardIsRefusedWithItsName() throws IOException {
    train(SmallRun.withSteps(CONFIG, 5), "run", new RecordedMetrics());
    Path shard;
    try (Stream<Path> files = Files.list(folder.resolve("run/tokens/training"))) {
      shard =
          files.filter(f -> f.toString().endsWith(".tokens")).sorted().findFirst().orElseThrow();
    }
    byte[] bytes = Files.readAllBytes(shard);
    bytes[40] ^= 1;
    Files.write(shard, bytes);
    assertFault(
        () -> resume(CONFIG, "run", new RecordedMetrics()),
        ExitCode.CORRUPT,
        String.valueOf(shard.getFileName()));
  }

  @Test
  void otherTextUnderTheSameNameIsRefusedOnResume() throws IOException {
    train(SmallRun.withSteps(CONFIG, 5), "run", new RecordedMetrics());
    Files.writeString(folder.resolve("text/b.txt"), "the quick brown dog\n".repeat(90));
    assertFault(
        () -> resume(CONFIG, "run", new RecordedMetrics()),
        ExitCode.CORRUPT,
        "another training text");
  }

  @Test
  void anOutputThatIsThereIsNotOverwritten() throws IOException {
    Files.createDirectories(folder.resolve("run"));
    Files.writeString(folder.resolve("run/notes.txt"), "mine");
    assertFault(
        () -> train(CONFIG, "run", new RecordedMetrics()), ExitCode.STORAGE, "the output exists");
    assertThat(folder.resolve("run/notes.txt")).hasContent("mine");
  }

  @Test
  void missingAndEmptyTextAreFaultsOfTheirKind() throws IOException {
    assertFault(
        () ->
            DataParallelTrainer.train(
                spark, job(CONFIG, "a", "no-such.txt", false), new RecordedMetrics()),
        ExitCode.STORAGE,
        "no-such.txt");
    Files.writeString(folder.resolve("empty.txt"), "");
    assertFault(
        () ->
            DataParallelTrainer.train(
                spark, job(CONFIG, "b", "empty.txt", false), new RecordedMetrics()),
        ExitCode.BAD_INPUT,
        "the training text is empty");
  }

  @Test
  void theTrainedModelOpensFromTheOutput() {
    train(CONFIG, "run", new RecordedMetrics());
    try (TrainedModel trained =
        DataParallelTrainer.open(
            folder.resolve("run").toUri().toString(),
            spark.hadoopConfiguration(),
            KernelChoice.REFERENCE,
            notice -> {})) {
      assertThat(trained.tokenizer()).isEqualTo(SmallRun.tokenizer());
      assertThat(trained.model().vocabulary().size()).isEqualTo(SmallRun.vocabularySize());
    }
  }

  private static void assertFault(Runnable run, ExitCode exitCode, String part) {
    assertThatThrownBy(run::run)
        .isInstanceOfSatisfying(
            WordmillException.class, e -> assertThat(e.exitCode()).isEqualTo(exitCode))
        .hasMessageContaining(part);
  }

  private TrainingReport train(TrainingConfig config, String output, RecordedMetrics metrics) {
    return DataParallelTrainer.train(spark, job(config, output, "text", false), metrics);
  }

  private TrainingReport resume(TrainingConfig config, String output, RecordedMetrics metrics) {
    return DataParallelTrainer.train(spark, job(config, output, "text", true), metrics);
  }

  private TrainingJob job(TrainingConfig config, String output, String text, boolean resume) {
    return new TrainingJob(
        List.of(folder.resolve(text).toUri().toString()),
        List.of(folder.resolve("validation.txt").toUri().toString()),
        folder.resolve(output).toUri().toString(),
        resume,
        Tokenization.characters(TextPolicy.DEFAULT),
        synchronization,
        config);
  }

  private void trainHere(TrainingConfig config, String name, RecordedMetrics metrics) {
    LocalTrainer.train(
        config.withVocabularySize(SmallRun.vocabularySize()),
        SmallRun.tokenizer(),
        SmallRun.training(),
        SmallRun.validation(),
        new Checkpoints(new LocalCheckpointStore(folder.resolve(name)), metrics::notice),
        false,
        metrics);
  }

  private Path newest(String checkpoints) {
    Path place = folder.resolve(checkpoints);
    return place.resolve(
        new Checkpoints(new LocalCheckpointStore(place), notice -> {}).list().get(0).directory());
  }

  private String parameters(String checkpoints) {
    try {
      byte[] bytes = Files.readAllBytes(newest(checkpoints).resolve("parameters.f32"));
      return new String(bytes, StandardCharsets.ISO_8859_1);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private List<Double> loggedLosses(String output) throws IOException {
    List<Double> losses = new ArrayList<>();
    for (String line : Files.readAllLines(folder.resolve(output).resolve("metrics.jsonl"))) {
      JsonNode metrics = Json.parse(line, "metrics.jsonl");
      if (metrics.has("loss")) {
        losses.add(metrics.path("loss").asDouble());
      }
    }
    return losses;
  }
}
