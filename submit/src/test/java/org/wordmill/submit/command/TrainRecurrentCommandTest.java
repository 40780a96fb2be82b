package org.wordmill.submit.command;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.wordmill.format.json.Json;

/** Recurrent models through the same commands as all others. */
class TrainRecurrentCommandTest {
  @TempDir private Path folder;
  private Path text;

  @BeforeEach
  void writeTheSampleCorpus() throws IOException {
    try (InputStream in =
        Objects.requireNonNull(getClass().getResourceAsStream("/org/wordmill/sample/test.txt"))) {
      text = Files.write(folder.resolve("text.txt"), in.readAllBytes());
    }
  }

  private Ran train(String preset, Path output, int steps, String... more) {
    List<Object> arguments = new ArrayList<>(List.of("train", "--json", "--config", preset));
    arguments.addAll(List.of("--input", text, "--validation", text, "--output", output));
    for (String setting :
        List.of(
            "model.width=16",
            "model.embedding_width=16",
            "model.context_length=16",
            "batching.sequences=8",
            "batching.micro_batch=4",
            "optimization.learning_rate.warm_up_steps=1",
            "schedule.log_interval=1",
            "schedule.evaluation_interval=4",
            "schedule.checkpoint_interval=2",
            "schedule.steps=" + steps)) {
      arguments.addAll(List.of("--set", setting));
    }
    arguments.addAll(List.of(more));
    return Ran.wordmill(arguments.toArray());
  }

  @ParameterizedTest
  @ValueSource(strings = {"rnn", "lstm", "gru"})
  void aTrainedModelScoresAndWritesLikeAnyOther(String kind) {
    Path run = folder.resolve(kind);
    Ran trained = train(kind + "-char", run, 8);
    assertThat(trained.exitCode()).as(trained.err()).isZero();
    double validation = trained.json().path("best_validation_loss").doubleValue();

    JsonNode score = Ran.wordmill("score", "--json", "--model", run, "--input", text).json();
    assertThat(score.path("kind").asText()).isEqualTo(kind);
    // The trainer begins every window with nothing heard, the score carries the state on.
    assertThat(score.path("nats_per_token").doubleValue())
        .isBetween(validation - 0.3, validation + 0.3);

    Ran written = Ran.wordmill("generate", "--model", run, "--prompt", "the", "--max-tokens", 20);
    assertThat(written.out()).startsWith("the").hasSize("the".length() + 20 + 1);
    assertThat(
            Ran.wordmill("generate", "--model", run, "--prompt", "the", "--max-tokens", 20).out())
        .isEqualTo(written.out());

    JsonNode inspected = Ran.wordmill("inspect", "--json", run).json();
    assertThat(inspected.path("parameters").longValue())
        .isEqualTo(trained.json().path("parameters").longValue());
    JsonNode compared = Ran.wordmill("compare", "--json", "--models", run, "--input", text).json();
    assertThat(compared.path("models").findValuesAsText("kind")).containsExactly(kind);
  }

  @Test
  void theSavedSettingsAreEnoughToResume() throws IOException {
    assertThat(train("lstm-char", folder.resolve("unbroken"), 8).exitCode()).isZero();
    assertThat(train("lstm-char", folder.resolve("run"), 4).exitCode()).isZero();
    Ran resumed = train("lstm-char", folder.resolve("run"), 8, "--resume");
    assertThat(resumed.exitCode()).as(resumed.err()).isZero();
    assertThat(losses("run")).hasSize(8).isEqualTo(losses("unbroken"));
  }

  @Test
  void aTiedHeadNeedsEqualWidths() {
    Ran ran =
        train(
            "gru-char",
            folder.resolve("run"),
            2,
            "--set",
            "model.tied_head=true",
            "--set",
            "model.width=8");
    assertThat(ran.exitCode()).isEqualTo(2);
    assertThat(ran.errors()).hasSize(1).first().asString().contains("tied head", "16 is not 8");
  }

  private List<Double> losses(String run) throws IOException {
    List<Double> losses = new ArrayList<>();
    for (String line : Files.readAllLines(folder.resolve(run).resolve("metrics.jsonl"))) {
      JsonNode step = Json.parse(line, "metrics");
      if (step.has("loss")) {
        losses.add(step.path("loss").doubleValue());
      }
    }
    return losses;
  }
}
