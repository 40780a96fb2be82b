package org.wordmill.submit.command;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.wordmill.format.json.Json;

/** Models that leave, come back, and are trained on. */
class ExchangeCommandsTest {
  private static final String TEXT = "the wheel turns and the water runs\nthe mill stands still\n";

  @TempDir private Path folder;
  private Path input;
  private Path run;

  @BeforeEach
  void writeTheText() throws IOException {
    input = Files.writeString(folder.resolve("text.txt"), TEXT.repeat(20));
    run = folder.resolve("run");
  }

  private Ran train(Path output, int steps, Object... more) {
    List<Object> arguments =
        new ArrayList<>(List.of("train", "--json", "--input", input, "--output", output));
    for (String setting :
        List.of(
            "model.width=8",
            "model.context_length=16",
            "schedule.log_interval=1",
            "schedule.evaluation_interval=0",
            "schedule.checkpoint_interval=2",
            "schedule.steps=" + steps)) {
      arguments.addAll(List.of("--set", setting));
    }
    arguments.addAll(List.of(more));
    return Ran.wordmill(arguments.toArray());
  }

  private static void succeeds(Ran ran) {
    assertThat(ran.exitCode()).as(ran.err()).isZero();
  }

  private static void refused(Ran ran, int code, String... parts) {
    assertThat(ran.exitCode()).as(ran.err()).isEqualTo(code);
    assertThat(ran.errors()).hasSize(1).first().asString().contains(parts);
  }

  private JsonNode score(Path model) {
    Ran ran = Ran.wordmill("score", "--json", "--model", model, "--input", input);
    succeeds(ran);
    return ran.json().path("nats_per_token");
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

  private static Path newestParameters(Path output) throws IOException {
    try (Stream<Path> files = Files.walk(output.resolve("checkpoints"))) {
      return files
          .filter(file -> file.endsWith("parameters.f32"))
          .sorted()
          .reduce((a, b) -> b)
          .orElseThrow();
    }
  }

  @Test
  void aModelThatLeftAndCameBackIsTheSameAndTrainsOnAsItWould() throws IOException {
    succeeds(train(run, 4, "--config", "gpt-tiny"));
    Path gpt2 = folder.resolve("gpt2");
    Ran exported = Ran.wordmill("export", "--json", "--model", run, "--output", gpt2);
    succeeds(exported);
    assertThat(exported.json().path("step").intValue()).isEqualTo(4);
    refused(
        Ran.wordmill("generate", "--model", gpt2, "--prompt", "the", "--max-tokens", 9),
        4,
        "a folder of Hugging Face's transformers (gpt2)",
        "wordmill import --input DIR");
    Path imported = folder.resolve("imported");
    succeeds(Ran.wordmill("import", "--input", gpt2, "--output", imported));

    assertThat(newestParameters(imported)).hasSameBinaryContentAs(newestParameters(run));
    assertThat(score(imported)).isEqualTo(score(run));
    Ran written =
        Ran.wordmill("generate", "--model", imported, "--prompt", "the", "--max-tokens", 9);
    succeeds(written);
    assertThat(written.out()).startsWith("the");

    Path unbroken = folder.resolve("unbroken");
    succeeds(train(unbroken, 8, "--config", "gpt-tiny", "--from", run));
    Path tuned = folder.resolve("tuned");
    succeeds(train(tuned, 4, "--config", "gpt-tiny", "--from", imported));
    Ran resumed =
        Ran.wordmill(
            "train", "--resume", "--set", "schedule.steps=8", "--input", input, "--output", tuned);
    succeeds(resumed);
    assertThat(losses(tuned)).hasSize(8).isEqualTo(losses(unbroken));
    assertThat(losses(unbroken).get(0)).isLessThan(losses(run).get(0));
  }

  @Test
  void trainingOnKeepsTheModelAndItsTokenizer() throws IOException {
    succeeds(train(run, 2, "--config", "gpt-tiny"));
    Path other = Files.writeString(folder.resolve("other.txt"), "tall trees; ".repeat(80));
    Path tuned = folder.resolve("tuned");
    Ran ran =
        Ran.wordmill(
            "train",
            "--json",
            "--config",
            "gpt-tiny",
            "--from",
            run,
            "--set",
            "schedule.evaluation_interval=0",
            "--set",
            "schedule.steps=2",
            "--set",
            "model.dropout=0.2",
            "--input",
            other,
            "--output",
            tuned);
    succeeds(ran);
    assertThat(ran.err()).contains("tokens that are not in the vocabulary");
    JsonNode model = Ran.wordmill("inspect", "--json", tuned).json().path("config").path("model");
    assertThat(model.path("width").intValue()).isEqualTo(8);
    assertThat(model.path("dropout").doubleValue()).isEqualTo(0.2);
    assertThat(Files.readString(tuned.resolve("tokenizer.json")))
        .isEqualTo(Files.readString(run.resolve("tokenizer.json")));
  }

  @Test
  void aModelOfWordsTrainsOnWithItsWordsWhateverTheSettingsSay() throws IOException {
    String words = "tokenizer=words";
    succeeds(train(run, 2, "--config", "gpt-tiny", "--set", words, "--set", "vocabulary_limit=5"));
    Path tuned = folder.resolve("tuned");
    Ran on = train(tuned, 2, "--config", "gpt-tiny", "--from", run);
    succeeds(on);
    assertThat(on.err()).contains(words);
    succeeds(train(tuned, 4, "--resume"));
    Path again = folder.resolve("again");
    succeeds(
        train(
            again,
            2,
            "--config",
            "gpt-tiny",
            "--from",
            run,
            "--set",
            words,
            "--set",
            "vocabulary_limit=3"));
    succeeds(train(again, 4, "--resume"));
    for (Path output : List.of(tuned, again)) {
      assertThat(output.resolve("tokenizer.json"))
          .hasSameBinaryContentAs(run.resolve("tokenizer.json"));
    }
    assertThat(losses(again)).isEqualTo(losses(tuned));
  }

  @Test
  void whatCannotBeDoneIsOneClearLine() throws IOException {
    succeeds(train(run, 2, "--config", "gpt-tiny", "--set", "model.positions=rotary"));
    Path gpt2 = folder.resolve("gpt2");
    refused(
        Ran.wordmill("export", "--model", run, "--output", gpt2),
        2,
        "positions other than learned");
    assertThat(gpt2).doesNotExist();
    refused(Ran.wordmill("export", "--model", run, "--output", run), 4, "exists");
    refused(Ran.wordmill("import", "--input", gpt2, "--output", folder.resolve("x")), 4, "config");
    refused(Ran.wordmill("import", "--input", gpt2, "--output", run), 4, "exists");
    refused(Ran.wordmill("export", "--model", gpt2, "--output", folder.resolve("y")), 4, "model");
  }

  @Test
  void foldersOfModelsGiveWayWhenToldSo() throws IOException {
    succeeds(train(run, 2, "--config", "gpt-tiny"));
    Path gpt2 = folder.resolve("gpt2");
    // What a full disk leaves is nothing.
    Files.createFile(Files.createDirectories(gpt2).resolve("config.json"));
    succeeds(Ran.wordmill("export", "--model", run, "--output", gpt2));
    refused(Ran.wordmill("export", "--model", run, "--output", gpt2), 4, "exists", "--overwrite");
    Path stale = Files.writeString(gpt2.resolve("model.safetensors.index.json"), "{}");
    Path mine = Files.writeString(gpt2.resolve("README.md"), "mine");
    refused(
        Ran.wordmill("export", "--model", run, "--output", gpt2, "--overwrite"),
        4,
        "more than a model");
    assertThat(stale).exists();
    Files.delete(mine);
    succeeds(Ran.wordmill("export", "--model", run, "--output", gpt2, "--overwrite"));
    assertThat(stale).doesNotExist();

    Path imported = folder.resolve("imported");
    succeeds(Ran.wordmill("import", "--input", gpt2, "--output", imported));
    Path first = newestParameters(imported);
    refused(Ran.wordmill("import", "--input", gpt2, "--output", imported), 4, "exists");
    assertThat(first).exists();
    succeeds(Ran.wordmill("import", "--input", gpt2, "--output", imported, "--overwrite"));
    assertThat(first).doesNotExist();
    assertThat(score(imported)).isEqualTo(score(run));
  }

  @Test
  void anImportedModelIsNoRunToResume() throws IOException {
    succeeds(train(run, 2, "--config", "gpt-tiny"));
    Path gpt2 = folder.resolve("gpt2");
    Path imported = folder.resolve("imported");
    succeeds(Ran.wordmill("export", "--model", run, "--output", gpt2));
    succeeds(
        Ran.wordmill(
            "import",
            "--input",
            gpt2,
            "--output",
            imported,
            "--tokenizer",
            run.resolve("tokenizer.json")));
    refused(train(imported, 4, "--config", "gpt-tiny", "--resume"), 6, "--from");
  }
}
