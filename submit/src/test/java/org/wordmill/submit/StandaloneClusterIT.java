package org.wordmill.submit;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.wordmill.format.json.Json;

/**
 * The jobs on a cluster of separate processes, submitted as users do, against the same jobs in
 * local mode.
 */
class StandaloneClusterIT {
  private static final List<String> STRICT =
      List.of(
          "--conf",
          "spark.serializer=org.apache.spark.serializer.KryoSerializer",
          "--conf",
          "spark.kryo.registrationRequired=true");

  @TempDir private static Path folder;
  private static StandaloneCluster cluster;
  private static String train;

  @BeforeAll
  static void startTheCluster() throws IOException, InterruptedException {
    train = Product.sample("train.txt", folder).toString();
    cluster = StandaloneCluster.start(folder);
  }

  @AfterAll
  static void stopTheCluster() {
    if (cluster != null) {
      cluster.close();
    }
  }

  private static Product.Ended submit(String... command) {
    return submit(List.of(), command);
  }

  private static Product.Ended submit(List<String> options, String... command) {
    List<String> arguments = new ArrayList<>(cluster.options());
    arguments.addAll(STRICT);
    arguments.addAll(options);
    arguments.add("--");
    arguments.addAll(List.of(command));
    return checked(Product.run(folder, Map.of(), arguments.toArray(new String[0])));
  }

  private static Product.Ended local(String... command) {
    List<String> arguments = new ArrayList<>(STRICT);
    arguments.add("--");
    arguments.addAll(List.of(command));
    return checked(Product.run(folder, Map.of(), arguments.toArray(new String[0])));
  }

  private static Product.Ended checked(Product.Ended ended) {
    assertThat(ended.exitCode()).as(ended.err()).isZero();
    return ended;
  }

  /**
   * Every file of data by its path, as bytes in hexadecimal would be too long: as text. Checksums
   * are left out, and the report, which has times.
   */
  private static Map<String, String> contents(Path directory) throws IOException {
    Map<String, String> contents = new TreeMap<>();
    try (Stream<Path> files = Files.walk(directory)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        if (!file.getFileName().toString().matches("\\..*|_report\\.json")) {
          contents.put(directory.relativize(file).toString(), Files.readString(file));
        }
      }
    }
    return contents;
  }

  @Test
  void countsOfTheClusterAreThoseOfLocalMode() throws IOException {
    String[] count = {
      "count", "--input", train, "--order", "3", "--format", "tsv", "--partitions", "3"
    };
    submit(with(count, "--output", folder.resolve("counts-cluster").toString()));
    local(with(count, "--output", folder.resolve("counts-local").toString()));
    Map<String, String> counts = contents(folder.resolve("counts-cluster"));
    assertThat(counts).isEqualTo(contents(folder.resolve("counts-local")));
    assertThat(counts.keySet()).contains("_SUCCESS").anyMatch(name -> name.startsWith("order=3/"));
  }

  @Test
  void theModelEstimatedOnTheClusterIsThatOfLocalMode() throws IOException {
    String[] estimate = {"estimate", "--input", train, "--order", "3"};
    submit(with(estimate, "--arpa", folder.resolve("cluster.arpa").toString()));
    local(with(estimate, "--arpa", folder.resolve("local.arpa").toString()));
    assertThat(folder.resolve("cluster.arpa"))
        .hasSameTextualContentAs(folder.resolve("local.arpa"));
  }

  @Test
  void anExecutorThatIsKilledInEachStageOfAnEstimateChangesNoByte() throws IOException {
    String[] estimate = {"estimate", "--input", train, "--order", "3", "--partitions", "4"};
    local(with(estimate, "--arpa", folder.resolve("quiet.arpa").toString()));
    Path kills = folder.resolve("kills.log");
    submit(
        List.of(
            "--driver-class-path",
            Path.of("target/test-classes").toAbsolutePath().toString(),
            "--conf",
            "spark.extraListeners=" + StageKiller.class.getName(),
            "--conf",
            StageKiller.LOG + "=" + kills,
            // Those who fetch from a dead executor need not hope for long.
            "--conf",
            "spark.shuffle.io.retryWait=200ms"),
        with(estimate, "--arpa", folder.resolve("killed.arpa").toString()));
    assertThat(folder.resolve("killed.arpa")).hasSameBinaryContentAs(folder.resolve("quiet.arpa"));
    String told = Files.readString(kills);
    assertThat(told.split("killed\n", -1)).as(told).hasSizeGreaterThan(8);
    assertThat(told.split("was lost\n", -1)).as(told).hasSizeGreaterThan(6);
    assertThat(told).doesNotContain("gone");
  }

  @Test
  void trainingOnTheClusterHasTheLossesOfLocalModeHoweverItSynchronizes() throws IOException {
    String[] training = training(6, 3, 0);
    local(with(training, "--output", folder.resolve("run-local").toString()));
    List<String> losses = losses(folder.resolve("run-local"));
    assertThat(losses).hasSize(6 + 3);
    for (String way : List.of("auto", "broadcast", "shuffle")) {
      Path run = folder.resolve("run-" + way);
      Product.Ended ended =
          submit(with(training, "--set", "sync=" + way, "--output", run.toString()));
      assertThat(losses(run)).as(way).isEqualTo(losses);
      assertThat(ended.err().contains("sync = auto is direct")).isEqualTo(way.equals("auto"));
    }
  }

  /** With what it keeps: parts of the state, or gradients that others wait for. */
  @Test
  void anExecutorThatIsKilledChangesNoLossAndNoCheckpointHoweverItSynchronizes() throws Exception {
    String[] training = training(60, 0, 20);
    Path quiet = folder.resolve("quiet");
    local(with(training, "--output", quiet.toString()));
    for (String way : List.of("direct", "broadcast", "shuffle")) {
      Path run = folder.resolve("killed-" + way);
      Product.Ended ended = submitAndKill(25, run, with(training, "--set", "sync=" + way));
      if (way.equals("direct")) {
        assertThat(ended.err())
            .contains("new workers begin at step 20 and make")
            .contains("updates again");
      }
      assertThat(losses(run)).as(way).isEqualTo(losses(quiet)).hasSize(60);
      assertThat(newest("parameters", run)).as(way).isEqualTo(newest("parameters", quiet));
    }
  }

  @Test
  void anExecutorThatIsKilledInARoundOfLocalStepsChangesNoLossAndNoCheckpoint() throws Exception {
    String[] rounds =
        with(
            training(60, 0, 20),
            "--set",
            "outer.local_steps=4",
            "--set",
            "outer.learning_rate=0.7",
            "--set",
            "outer.momentum=0.9",
            "--set",
            "batching.partitions=2");
    Path quiet = folder.resolve("quiet-rounds");
    local(with(rounds, "--output", quiet.toString()));
    Path run = folder.resolve("killed-rounds");
    Product.Ended ended = submitAndKill(8, run, rounds);
    assertThat(ended.err()).contains("by rounds of 4 local steps");
    assertThat(losses(run)).isEqualTo(losses(quiet)).hasSize(60);
    for (String vector : List.of("parameters", "outer_momentum")) {
      assertThat(newest(vector, run)).as(vector).isEqualTo(newest(vector, quiet));
    }
  }

  /** Trains on the cluster, and kills an executor once the log has so many lines. */
  private static Product.Ended submitAndKill(int lines, Path run, String... training)
      throws Exception {
    CompletableFuture<Product.Ended> running =
        CompletableFuture.supplyAsync(() -> submit(with(training, "--output", run.toString())));
    Path log = run.resolve("metrics.jsonl");
    while (!running.isDone() && !(Files.exists(log) && Files.readAllLines(log).size() >= lines)) {
      Thread.sleep(5);
    }
    if (running.isDone()) {
      throw new AssertionError("the training ended before its time: " + running.get().err());
    }
    cluster.killAnExecutor();
    return running.get();
  }

  private static String[] training(int steps, int evaluationInterval, int checkpointInterval) {
    return new String[] {
      "train",
      "--config",
      "gpt-tiny",
      "--input",
      train,
      "--validation",
      train,
      "--set",
      "schedule.steps=" + steps,
      "--set",
      "schedule.log_interval=1",
      "--set",
      "schedule.evaluation_interval=" + evaluationInterval,
      "--set",
      "schedule.evaluation_batches=4",
      "--set",
      "schedule.checkpoint_interval=" + checkpointInterval
    };
  }

  /** A vector of the newest checkpoint. */
  private static String newest(String vector, Path run) throws IOException {
    try (Stream<Path> files = Files.walk(run.resolve("checkpoints"))) {
      Path newest =
          files
              .filter(file -> file.endsWith(vector + ".f32"))
              .max(Comparator.naturalOrder())
              .orElseThrow();
      return new String(Files.readAllBytes(newest), StandardCharsets.ISO_8859_1);
    }
  }

  /** The losses of a run, of steps and of evaluations, in the digits of its log. */
  private static List<String> losses(Path run) throws IOException {
    List<String> losses = new ArrayList<>();
    for (String line : Files.readAllLines(run.resolve("metrics.jsonl"))) {
      JsonNode metrics = Json.parse(line, "metrics");
      losses.add(metrics.path("loss") + " " + metrics.path("validation_loss"));
    }
    return losses;
  }

  private static String[] with(String[] command, String... more) {
    List<String> all = new ArrayList<>(List.of(command));
    all.addAll(List.of(more));
    return all.toArray(new String[0]);
  }
}
