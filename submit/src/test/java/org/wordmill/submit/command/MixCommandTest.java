package org.wordmill.submit.command;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.wordmill.submit.config.TrainingSettings;
import org.wordmill.train.DataMix;

/** Training on a mix of sources from the command line. */
class MixCommandTest {
  @TempDir private Path folder;
  private Path settings;
  private Path run;

  @BeforeEach
  void writeTextsAndSettings() throws IOException {
    Files.createDirectories(folder.resolve("mill"));
    Files.writeString(folder.resolve("mill/a.txt"), "the wheel turns and the water runs\n");
    Files.writeString(folder.resolve("mill/b.txt"), "the mill stands still\n");
    Files.writeString(folder.resolve("sea.txt"), "waves come and waves go\n".repeat(80));
    run = folder.resolve("run");
    settings = settings("{ source = \"%s/mill/*.txt\", weight = 3 }", "weight = 1");
  }

  private Path settings(String first, String secondWeight) throws IOException {
    String text =
        """
        include "gpt-tiny.conf"
        mix = [
          FIRST
          { source = ["%s/sea.txt"], SECOND }
        ]
        model { width = 8, context_length = 16 }
        schedule { steps = 4, log_interval = 1, evaluation_interval = 0, checkpoint_interval = 2 }
        """;
    return Files.writeString(
        folder.resolve("mix.conf"),
        text.replace("FIRST", first)
            .replace("SECOND", secondWeight)
            .replace("%s", folder.toString()));
  }

  private Ran train(Object... more) {
    List<Object> arguments = new ArrayList<>(List.of("train", "--output", run));
    arguments.addAll(List.of(more));
    return Ran.wordmill(arguments.toArray());
  }

  private static void assertError(Ran ran, int exitCode, String... parts) {
    assertThat(ran.exitCode()).as(ran.err()).isEqualTo(exitCode);
    assertThat(ran.errors()).hasSize(1).first().asString().contains(parts);
  }

  @Test
  void aRunTellsWhatItWillSeeAndWhatItSawAndIsResumedByItsSavedSettings() {
    Ran trained = train("--config", settings);
    assertThat(trained.exitCode()).as(trained.err()).isZero();
    // 57 characters are 2 windows of 16, 1,920 are 119; 4 batches of 16 have 48 and 16 of them.
    assertThat(trained.err())
        .contains("mix: " + folder + "/mill/*.txt 0.75, 57 tokens, will be seen 24.00 times")
        .contains("mix: " + folder + "/sea.txt 0.25, 1,920 tokens, will be seen 0.13 times");
    assertThat(trained.out().lines().map(line -> line.replaceAll(" +", " ")))
        .contains(
            "source tokens weight windows drawn share epochs elapsed",
            folder + "/mill/*.txt 57 0.7500 48 0.7500 24.00",
            folder + "/sea.txt 1,920 0.2500 16 0.2500 0.13");

    Ran resumed = train("--resume", "--json", "--set", "schedule.steps=6");
    assertThat(resumed.exitCode()).as(resumed.err()).isZero();
    JsonNode mill = resumed.json().path("mix").path(0);
    assertThat(mill.path("source").asText()).endsWith("mill/*.txt");
    assertThat(mill.path("tokens").asLong()).isEqualTo(57);
    assertThat(mill.path("weight").asDouble()).isEqualTo(0.75);
    assertThat(mill.path("windows").asLong()).isEqualTo(72);
    assertThat(mill.path("share").asDouble()).isEqualTo(0.75);
    assertThat(mill.path("epochs").asDouble()).isEqualTo(36);

    String other = "mix=[{ source = \"" + folder + "/sea.txt\", weight = 1 }]";
    assertError(train("--resume", "--set", other), 6, "mix is [", "in the checkpoint");
  }

  @Test
  void textIsGivenOnceAsInputOrAsAMix() {
    assertError(train("--config", settings, "--input", "x"), 2, "a mix", "leave out the input");
    assertError(
        train("--config", "gpt-tiny", "--set", "schedule.evaluation_interval=0"),
        2,
        "there is no training text",
        "give an input, or a mix");
    assertThat(run).doesNotExist();
  }

  @Test
  void weightsThatAreNoneAreRefusedWithTheirPlace() throws IOException {
    for (String bad : List.of("weight = 0", "weight = -1", "weight = 1e999")) {
      Path file = settings("{ source = a, weight = 1 }", bad);
      assertError(train("--config", file), 2, "mix[1]", "above 0 and finite", "mix.conf:4");
    }
    Path missing = settings("{ source = a }", "weight = 1");
    assertError(train("--config", missing), 2, "mix[0].weight", "missing");
    assertError(
        train("--config", settings("{ source = [], weight = 1 }", "weight = 1")), 2, "path");
    assertThat(run).doesNotExist();
  }

  @Test
  void aTaggerDoesNotLearnFromAMix() {
    assertError(
        train("--config", "tagger-rnn", "--set", "mix=[{ source = a, weight = 1 }]"),
        2,
        "a tagger does not learn from a mix");
  }

  @Test
  void theSettingsOfTheGuideHaveAMix() {
    assertThat(TrainingSettings.load("../core/docs/guide/data/mix.conf", List.of()).mix())
        .containsExactly(
            new DataMix.Source(List.of("wordmill-guide/much.txt"), 0.6),
            new DataMix.Source(List.of("wordmill-guide/little.txt"), 0.4));
  }

  @Test
  void settingsWithAMixAreInspectedLikeAnyOther() {
    Ran inspected = Ran.wordmill("inspect", "--json", settings);
    assertThat(inspected.exitCode()).as(inspected.err()).isZero();
    assertThat(inspected.json().path("settings").path("mix").path(0).path("weight").asInt())
        .isEqualTo(3);
    assertThat(Ran.wordmill("inspect", settings).out()).contains("mill/*.txt", "parameters in all");
  }
}
