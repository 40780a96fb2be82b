package org.wordmill.submit.command;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.wordmill.format.json.Json;

/** Training from the command line, and what becomes of the model. */
class TrainCommandTest {
  private static final String TEXT = "the wheel turns and the water runs\nthe mill stands still\n";

  @TempDir private Path folder;
  private Path input;
  private Path run;

  @BeforeEach
  void writeTheText() throws IOException {
    input = Files.writeString(folder.resolve("text.txt"), TEXT.repeat(20));
    run = folder.resolve("run");
  }

  /** Trains a model of a few hundred parameters, with a line of metrics for every step. */
  private Ran train(Path output, int steps, String... more) {
    List<Object> arguments =
        new ArrayList<>(
            List.of(
                "train",
                "--json",
                "--config",
                "gpt-tiny",
                "--input",
                input,
                "--validation",
                input,
                "--output",
                output,
                "--set",
                "model.width=8",
                "--set",
                "model.context_length=16",
                "--set",
                "schedule.log_interval=1",
                "--set",
                "schedule.evaluation_interval=4",
                "--set",
                "schedule.checkpoint_interval=2",
                "--set",
                "schedule.steps=" + steps));
    arguments.addAll(List.of(more));
    return Ran.wordmill(arguments.toArray());
  }

  private static List<Double> losses(Path output) throws IOException {
    List<Double> losses = new ArrayList<>();
    for (String line : Files.readAllLines(output.resolve("metrics.jsonl"))) {
      JsonNode step = Json.parse(line, "metrics");
      if (step.has("loss")) {
        losses.add(step.path("loss").doubleValue());
      }
    }
    return losses;
  }

  /** What is left to look at: a page, and what TensorBoard shows. */
  private static void assertWatchable(Path output) throws IOException {
    String page = Files.readString(output.resolve("report.html"));
    assertThat(page)
        .contains(
            "Training, complete.",
            "Gradient norm",
            "Throughput",
            "FLOP/s",
            "Longest step",
            "What it wrote")
        .doesNotContain("NaN");
    assertThat(page.split("<blockquote>", -1))
        .hasSize(1 + files(output.resolve("checkpoints"), "manifest.json").size());
    BufferedImage curve = ImageIO.read(output.resolve("learning-curve.png").toFile());
    assertThat(curve.getWidth()).isEqualTo(860);
    assertThat(Files.readString(output.resolve("report.json"))).contains("\"validation_loss\":");
    Path best = output.resolve(Files.readString(output.resolve("best")).strip());
    assertThat(best.resolve("manifest.json")).exists();
    try (Stream<Path> events = Files.list(output.resolve("tensorboard"))) {
      assertThat(events.map(file -> file.getFileName().toString()))
          .allMatch(name -> name.startsWith("events.out.tfevents."))
          .isNotEmpty();
    }
  }

  private static List<Path> files(Path directory, String name) throws IOException {
    try (Stream<Path> files = Files.walk(directory)) {
      return files.filter(file -> file.getFileName().toString().equals(name)).toList();
    }
  }

  @Test
  void aTrainedModelScoresAndWritesLikeAnyOther() throws IOException {
    Ran trained = train(run, 8);
    assertThat(trained.exitCode()).as(trained.err()).isZero();
    assertThat(trained.json().path("steps").intValue()).isEqualTo(8);
    assertThat(trained.err())
        .contains("settings of this run", "width=8", "memory of this process", "seconds of a step");
    JsonNode times = trained.json().path("step_seconds");
    assertThat(times.path("p50").doubleValue()).isPositive();
    assertThat(times.path("max").doubleValue())
        .isGreaterThanOrEqualTo(times.path("p90").doubleValue());
    assertThat(trained.json().path("skipped").longValue()).isZero();
    assertThat(losses(run)).hasSize(8);
    assertWatchable(run);
    double validation = trained.json().path("best_validation_loss").doubleValue();

    JsonNode score = Ran.wordmill("score", "--json", "--model", run, "--input", input).json();
    assertThat(score.path("kind").asText()).isEqualTo("transformer");
    assertThat(score.path("characters").longValue()).isEqualTo(TEXT.length() * 20L);
    // The trainer evaluates windows, the score slides: close, not equal.
    assertThat(score.path("nats_per_token").doubleValue())
        .isBetween(validation - 0.3, validation + 0.3);
    List<String[]> tokens = PerToken.of(run, input, score);
    assertThat(tokens.get(34)).startsWith("0", "\\n");
    assertThat(tokens.get(35)).startsWith("1", "t");

    Ran written = Ran.wordmill("generate", "--model", run, "--prompt", "the", "--max-tokens", 20);
    assertThat(written.out()).startsWith("the").hasSize("the".length() + 20 + 1);
    assertThat(
            Ran.wordmill("generate", "--model", run, "--prompt", "the", "--max-tokens", 20).out())
        .isEqualTo(written.out());

    JsonNode inspected = Ran.wordmill("inspect", "--json", run).json();
    assertThat(inspected.path("parameters").longValue())
        .isEqualTo(trained.json().path("parameters").longValue());

    Path arpa = folder.resolve("words.arpa");
    Ran.wordmill("estimate", "--input", input, "--order", 2, "--discount-fallback", "--arpa", arpa);
    JsonNode compared =
        Ran.wordmill("compare", "--json", "--models", arpa, run, "--input", input).json();
    assertThat(compared.path("models").findValuesAsText("kind"))
        .containsExactly("ngram", "transformer");
    assertThat(compared.path("models").path(1).path("nats_per_token"))
        .isEqualTo(score.path("nats_per_token"));
  }

  @Test
  void theSavedSettingsAreEnoughToResume() throws IOException {
    assertThat(train(folder.resolve("unbroken"), 8).exitCode()).isZero();
    assertThat(train(run, 4).exitCode()).isZero();
    Ran resumed =
        Ran.wordmill(
            "train",
            "--resume",
            "--set",
            "schedule.steps=8",
            "--input",
            input,
            "--validation",
            input,
            "--output",
            run,
            "--json");
    assertThat(resumed.exitCode()).as(resumed.err()).isZero();
    assertThat(losses(run)).hasSize(8).isEqualTo(losses(folder.resolve("unbroken")));
  }

  @Test
  void oneBatchIsOverfittedAndTheSettingsOfTheRunSaySo() throws IOException {
    Ran ran =
        train(
            run,
            60,
            "--overfit-one-batch",
            "--set",
            "model.dropout=0.5",
            "--set",
            "optimization.learning_rate={kind=constant, rate=0.02}");
    assertThat(ran.exitCode()).as(ran.err()).isZero();
    List<Double> losses = losses(run);
    assertThat(losses.get(0)).isGreaterThan(2);
    assertThat(losses.get(59)).isLessThan(0.5);
    assertThat(Files.readString(run.resolve("config.conf")))
        .contains("one_batch=true", "dropout=0");
  }

  @Test
  void aFinishedRunIsLeftAsItIs() throws IOException {
    assertThat(train(run, 4).exitCode()).isZero();
    String report = Files.readString(run.resolve("report.json"));
    Ran again = train(run, 4, "--resume");
    assertThat(again.exitCode()).as(again.err()).isZero();
    assertThat(again.err()).contains("all its steps");
    Ran fewer = train(run, 2, "--resume");
    assertThat(fewer.exitCode()).isEqualTo(2);
    assertThat(fewer.errors()).hasSize(1).first().asString().contains("has made 4 steps");
    assertThat(run.resolve("report.json")).hasContent(report);
  }

  @Test
  void anExistingRunIsNotOverwritten() throws IOException {
    assertThat(train(run, 2).exitCode()).isZero();
    List<Double> before = losses(run);
    Ran again = train(run, 2);
    assertThat(again.exitCode()).isEqualTo(4);
    assertThat(again.errors()).hasSize(1).first().asString().contains("exists", run.toString());
    assertThat(losses(run)).isEqualTo(before);
  }

  @Test
  void anExistingRunGivesWayWhenToldSoAndNotBeforeTheNewOneBegins() throws IOException {
    // What a full disk leaves is nothing.
    Files.createFile(Files.createDirectories(run).resolve("config.json"));
    assertThat(train(run, 2).exitCode()).isZero();
    List<Double> before = losses(run);
    List<Path> checkpoints = files(run, "manifest.json");

    Ran refused = train(run, 3, "--overwrite", "--set", "model.vocabulary_size=7");
    assertThat(refused.exitCode()).as(refused.err()).isEqualTo(2);
    Path notes = Files.writeString(run.resolve("notes.txt"), "mine");
    Ran foreign = train(run, 3, "--overwrite");
    assertThat(foreign.exitCode()).isEqualTo(4);
    assertThat(foreign.errors()).first().asString().contains("is no run", "notes.txt");
    Files.delete(notes);
    assertThat(train(run, 3, "--overwrite", "--resume").exitCode()).isEqualTo(2);
    assertThat(losses(run)).isEqualTo(before);
    assertThat(files(run, "manifest.json")).isEqualTo(checkpoints);

    Ran again = train(run, 3, "--overwrite", "--set", "seed=5");
    assertThat(again.exitCode()).as(again.err()).isZero();
    assertThat(losses(run)).hasSize(3).doesNotContainAnyElementsOf(before);
    assertThat(files(run, "manifest.json")).isNotEmpty().doesNotContainAnyElementsOf(checkpoints);
  }

  @Test
  void aRunIsNotResumedWithAnotherModel() {
    assertThat(train(run, 2).exitCode()).isZero();
    Ran ran = train(run, 4, "--resume", "--set", "model.width=16");
    assertThat(ran.exitCode()).as(ran.err()).isEqualTo(6);
    assertThat(ran.errors()).hasSize(1).first().asString().contains("width", "8", "16");
  }

  @Test
  void aDamagedCheckpointIsPassedOverAndAllDamagedAreAnError() throws IOException {
    assertThat(train(run, 4).exitCode()).isZero();
    List<Path> parameters = files(run, "parameters.f32");
    assertThat(parameters).hasSizeGreaterThan(1);
    flipBit(parameters.get(0));
    Ran one = Ran.wordmill("score", "--json", "--model", run, "--input", input);
    assertThat(one.exitCode()).as(one.err()).isZero();
    for (Path other : parameters.subList(1, parameters.size())) {
      flipBit(other);
    }
    Ran all = Ran.wordmill("score", "--model", run, "--input", input);
    assertThat(all.exitCode()).isEqualTo(6);
    assertThat(all.err()).contains("passing over a damaged checkpoint", "CRC32C");
    assertThat(all.errors()).hasSize(1).first().asString().contains("damaged", run.toString());
  }

  @Test
  void aRunThatWentOnBeforeADamagedCheckpointEndsWithoutIt() throws IOException {
    assertThat(train(run, 4).exitCode()).isZero();
    Path newest =
        files(run, "parameters.f32").stream()
            .filter(file -> file.toString().contains("step-00000004"))
            .findFirst()
            .orElseThrow();
    flipBit(newest);
    Ran resumed = train(run, 6, "--resume");
    assertThat(resumed.exitCode()).as(resumed.err()).isZero();
    assertThat(resumed.err()).contains("passing over a damaged checkpoint", "CRC32C");
    assertThat(newest).doesNotExist();
    assertThat(files(run, "parameters.f32")).hasSizeGreaterThanOrEqualTo(2);
    assertThat(train(run, 7, "--resume").err()).doesNotContain("damaged");
  }

  private static void flipBit(Path file) throws IOException {
    byte[] bytes = Files.readAllBytes(file);
    bytes[bytes.length / 2] ^= 1;
    Files.write(file, bytes);
  }

  @Test
  void aLossThatIsNotANumberEndsTheRunAndKeepsTheCheckpoints() throws IOException {
    assertThat(train(run, 4).exitCode()).isZero();
    List<Path> before = files(run, "manifest.json");
    Ran diverged =
        train(
            run, 40, "--resume", "--set", "optimization.learning_rate={kind=constant, rate=1e30}");
    assertThat(diverged.exitCode()).as(diverged.err()).isEqualTo(5);
    assertThat(diverged.errors())
        .hasSize(1)
        .first()
        .asString()
        .contains("diverged", "learning rate");
    JsonNode report = Json.parse(Files.readString(run.resolve("report.json")), "the report");
    assertThat(report.path("exit_code").intValue()).isEqualTo(5);
    assertThat(report.path("error").asText()).contains("diverged");
    assertThat(before).allSatisfy(manifest -> assertThat(manifest).exists());
    Ran score = Ran.wordmill("score", "--json", "--model", run, "--input", input);
    assertThat(score.exitCode()).as(score.err()).isZero();
    assertThat(score.json().path("perplexity_including_oov").isNumber()).isTrue();
  }

  @Test
  void aDirectoryWithoutACheckpointIsNoModel() throws IOException {
    Files.createDirectories(run);
    Ran ran = Ran.wordmill("score", "--model", run, "--input", input);
    assertThat(ran.exitCode()).isEqualTo(4);
    assertThat(ran.errors()).hasSize(1).first().asString().contains("no trained model");
  }

  @Test
  void withoutValidationTextTheScheduleMustNotEvaluate() {
    Ran ran = Ran.wordmill("train", "--config", "gpt-tiny", "--input", input, "--output", run);
    assertThat(ran.exitCode()).isEqualTo(2);
    assertThat(ran.errors()).hasSize(1).first().asString().contains("validation");
  }
}
