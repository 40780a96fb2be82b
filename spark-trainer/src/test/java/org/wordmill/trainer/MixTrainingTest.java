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
import org.wordmill.error.ExitCode;
import org.wordmill.error.WordmillException;
import org.wordmill.format.json.Json;
import org.wordmill.text.TextPolicy;
import org.wordmill.train.Batching;
import org.wordmill.train.DataMix;
import org.wordmill.train.LocalTrainer;
import org.wordmill.train.RecordedMetrics;
import org.wordmill.train.SmallRun;
import org.wordmill.train.TokenArray;
import org.wordmill.train.TrainingConfig;

/** Training on several texts in given shares. */
@ExtendWith(LocalSpark.class)
class MixTrainingTest {
  private static final String SHORT = "the quick brown fox jumps over the lazy dog\n".repeat(4);
  private static final String LONG = "the dog jumps over the quick fox\n".repeat(60);
  private static final int STEPS = 8;

  @TempDir Path folder;
  private final JavaSparkContext spark;

  MixTrainingTest(JavaSparkContext spark) {
    this.spark = spark;
  }

  @BeforeEach
  void writeTexts() throws IOException {
    Files.createDirectories(folder.resolve("short"));
    int half = SHORT.length() / 2;
    Files.writeString(folder.resolve("short/1.txt"), SHORT.substring(0, half));
    Files.writeString(folder.resolve("short/2.txt"), SHORT.substring(half));
    Files.writeString(folder.resolve("long1.txt"), LONG.substring(0, 1000));
    Files.writeString(folder.resolve("long2.txt"), LONG.substring(1000));
    Files.writeString(folder.resolve("validation.txt"), SmallRun.VALIDATION);
  }

  private DataMix mix(double ofShort, double ofLong) {
    return new DataMix(
        List.of(
            new DataMix.Source(List.of(path("short")), ofShort),
            new DataMix.Source(List.of(path("long1.txt"), path("long2.txt")), ofLong)));
  }

  private String path(String name) {
    return folder.resolve(name).toUri().toString();
  }

  /** 12 windows a step, which are 9 and 3 under this mix. */
  private TrainingConfig config(int partitions, int steps) {
    return SmallRun.with(SmallRun.withSteps(SmallRun.config(), steps), Batching.of(12, partitions))
        .withVocabularySize(0)
        .withMix(mix(3, 1));
  }

  private RecordedMetrics train(
      TrainingConfig config, String output, boolean resume, Synchronization way) {
    RecordedMetrics metrics = new RecordedMetrics();
    DataParallelTrainer.train(spark, job(config, List.of(), output, resume, way), metrics);
    return metrics;
  }

  private TrainingJob job(
      TrainingConfig config,
      List<String> input,
      String output,
      boolean resume,
      Synchronization way) {
    return new TrainingJob(
        input,
        List.of(path("validation.txt")),
        path(output),
        resume,
        Tokenization.characters(TextPolicy.DEFAULT),
        way,
        config);
  }

  private RecordedMetrics trainHere(TrainingConfig config, String output) {
    RecordedMetrics metrics = new RecordedMetrics();
    LocalTrainer.train(
        config.withVocabularySize(SmallRun.vocabularySize()),
        SmallRun.tokenizer(),
        List.of(
            TokenArray.of(SmallRun.tokenizer().encode(SHORT)),
            TokenArray.of(SmallRun.tokenizer().encode(LONG))),
        SmallRun.validation(),
        new Checkpoints(
            new LocalCheckpointStore(folder.resolve(output + "/checkpoints")), metrics::notice),
        false,
        metrics);
    return metrics;
  }

  private String parameters(String output) throws IOException {
    Path place = folder.resolve(output + "/checkpoints");
    Path newest =
        place.resolve(
            new Checkpoints(new LocalCheckpointStore(place), notice -> {})
                .list()
                .get(0)
                .directory());
    return new String(
        Files.readAllBytes(newest.resolve("parameters.f32")), StandardCharsets.ISO_8859_1);
  }

  @ParameterizedTest
  @EnumSource(names = {"BROADCAST", "SHUFFLE", "SHARED"})
  void everyWayToSynchronizeGivesTheBitsOfOneProcess(Synchronization way) throws IOException {
    RecordedMetrics here = trainHere(config(4, STEPS), "here");
    RecordedMetrics there = train(config(4, STEPS), "there", false, way);
    assertThat(there.losses()).hasSize(STEPS).isEqualTo(here.losses());
    assertThat(there.evaluations()).isEqualTo(here.evaluations());
    assertThat(parameters("there")).isEqualTo(parameters("here"));
  }

  @Test
  void theNumberOfPartitionsChangesRoundingOnlyAndTheMixIsNotTheTextsInOne() {
    RecordedMetrics one = trainHere(config(1, STEPS), "one");
    for (int partitions : new int[] {2, 4}) {
      RecordedMetrics several =
          train(config(partitions, STEPS), "p" + partitions, false, Synchronization.SHARED);
      for (int i = 0; i < STEPS; i++) {
        assertThat(several.losses().get(i) / one.losses().get(i)).isCloseTo(1, within(1e-5));
      }
    }
    RecordedMetrics equal = trainHere(config(1, STEPS).withMix(mix(1, 1)), "equal");
    assertThat(equal.losses()).isNotEqualTo(one.losses());
  }

  @Test
  void aResumedRunIsTheUnbrokenOneUsesItsShardsAgainAndTellsEpochsOfBoth() throws IOException {
    RecordedMetrics unbroken = train(config(2, STEPS), "whole", false, Synchronization.SHARED);
    List<Double> losses =
        new ArrayList<>(train(config(2, 5), "run", false, Synchronization.SHARED).losses());
    List<String> shards = shards("run");
    losses.addAll(train(config(2, STEPS), "run", true, Synchronization.SHARED).losses());
    assertThat(losses).isEqualTo(unbroken.losses());
    assertThat(parameters("run")).isEqualTo(parameters("whole"));
    assertThat(shards("run")).hasSize(4).isEqualTo(shards);
    List<String> log = Files.readAllLines(folder.resolve("run/metrics.jsonl"));
    assertThat(log).isNotEmpty();
    List<JsonNode> steps =
        log.stream()
            .map(line -> Json.parse(line, "metrics.jsonl"))
            .filter(line -> line.has("loss"))
            .toList();
    assertThat(steps).hasSize(STEPS);
    for (JsonNode step : steps) {
      long made = step.path("step").asLong();
      assertThat(step.path("mix").findValuesAsText("source"))
          .containsExactly(path("short"), path("long1.txt") + ", " + path("long2.txt"));
      // 176 characters have 21 windows of 8 with every phase, 1980 have 246.
      assertThat(step.path("mix").path(0).path("epochs").asDouble()).isEqualTo(9 * made / 21.0);
      assertThat(step.path("mix").path(1).path("epochs").asDouble()).isEqualTo(3 * made / 246.0);
      assertThat(step.path("mix").path(1).path("share").asDouble()).isEqualTo(0.25);
    }
  }

  private List<String> shards(String output) throws IOException {
    try (Stream<Path> files = Files.list(folder.resolve(output + "/tokens/training"))) {
      return files
          .map(file -> String.valueOf(file.getFileName()))
          .filter(name -> name.endsWith(".tokens"))
          .sorted()
          .toList();
    }
  }

  @Test
  void aRunIsNotResumedWithAnotherMixOrWithout() {
    train(config(2, 2), "run", false, Synchronization.SHARED);
    for (DataMix other : List.of(mix(1, 1), new DataMix(mix(3, 1).sources().subList(0, 1)))) {
      assertFault(
          () -> train(config(2, 4).withMix(other), "run", true, Synchronization.SHARED),
          ExitCode.CORRUPT,
          "another configuration: mix is [");
    }
    TrainingConfig without = config(2, 4).withMix(DataMix.NONE);
    TrainingJob job = job(without, List.of(path("short")), "run", true, Synchronization.SHARED);
    assertFault(
        () -> DataParallelTrainer.train(spark, job, new RecordedMetrics()),
        ExitCode.CORRUPT,
        "not there now");
  }

  @Test
  void thereIsOneInputAndEverySourceHasText() throws IOException {
    assertFault(
        () -> job(config(2, 2), List.of("x"), "a", false, Synchronization.AUTO),
        ExitCode.USAGE,
        "a mix, whose sources are the input");
    assertFault(
        () -> job(config(2, 2).withMix(DataMix.NONE), List.of(), "a", false, Synchronization.AUTO),
        ExitCode.USAGE,
        "there is no training text");
    for (Path empty : List.of(folder.resolve("long1.txt"), folder.resolve("long2.txt"))) {
      Files.writeString(empty, "");
    }
    assertFault(
        () -> train(config(2, 2), "b", false, Synchronization.AUTO),
        ExitCode.BAD_INPUT,
        "a source of 0 tokens in the mix");
    Files.delete(folder.resolve("long2.txt"));
    assertFault(
        () -> train(config(2, 2), "c", false, Synchronization.AUTO), ExitCode.STORAGE, "long2.txt");
  }

  private static void assertFault(Runnable run, ExitCode exitCode, String part) {
    assertThatThrownBy(run::run)
        .isInstanceOfSatisfying(
            WordmillException.class,
            fault -> {
              assertThat(fault.exitCode()).isEqualTo(exitCode);
              assertThat(fault.line()).contains(part).doesNotContain("\n");
            });
  }
}
