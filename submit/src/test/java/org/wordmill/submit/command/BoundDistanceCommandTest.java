package org.wordmill.submit.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BoundDistanceCommandTest {
  @TempDir Path folder;

  @Test
  void everyModelIsComparedWithTheBoundByWhatItLearntFrom() throws IOException {
    Path train = folder.resolve("train.txt");
    Path test = folder.resolve("test.txt");
    Path run = folder.resolve("run");
    Ran.wordmill("synthesize", "--sentences", 1000, "--output", train);
    Ran.wordmill("synthesize", "--sentences", 100, "--seed", 2, "--output", test);
    String[] settings = {
      "schedule.steps=4",
      "schedule.checkpoint_interval=2",
      "schedule.evaluation_interval=0",
      "schedule.keep_last=5"
    };
    List<Object> training =
        new ArrayList<>(
            List.of("train", "--config", "gpt-tiny", "--input", train, "--output", run));
    for (String setting : settings) {
      training.addAll(List.of("--set", setting));
    }
    Ran trained = Ran.wordmill(training.toArray());
    assertThat(trained.exitCode()).as(trained.err()).isZero();

    Path out = folder.resolve("distance");
    Ran ran =
        Ran.wordmill(
            "bound-distance",
            "--json",
            "--train",
            train,
            "--input",
            test,
            "--models",
            run,
            "--output",
            out);
    assertThat(ran.exitCode()).as(ran.err()).isZero();
    JsonNode distances = ran.json().path("distances");
    List<Long> ngramSizes = new ArrayList<>();
    List<Long> runSizes = new ArrayList<>();
    for (JsonNode distance : distances) {
      (distance.path("model").asText().equals("5-gram") ? ngramSizes : runSizes)
          .add(distance.path("characters").longValue());
      assertThat(distance.path("bits_per_character").doubleValue())
          .isCloseTo(
              ran.json().path("bound_bits_per_character").doubleValue()
                  + distance.path("bits_above").doubleValue(),
              within(1e-12));
    }
    assertThat(ngramSizes).isSorted().hasSizeGreaterThan(1).endsWith(Files.size(train));
    // Two sequences of steps of 16 sequences of 32 characters.
    assertThat(runSizes).containsExactly(2L * 16 * 32, 4L * 16 * 32);
    assertThat(distances.get(ngramSizes.size() - 1).path("bits_above").doubleValue())
        .isPositive()
        .isLessThan(distances.get(0).path("bits_above").doubleValue());
    assertThat(Files.readAllLines(out.resolve("bound-distance.csv"))).hasSize(1 + distances.size());
    assertThat(Files.readAllBytes(out.resolve("bound-distance.png")))
        .startsWith(0x89, 'P', 'N', 'G');

    // A checkpoint by its own path is the model of that step.
    Path checkpoints = run.resolve("checkpoints");
    Path first;
    try (var paths = Files.list(checkpoints)) {
      first = paths.sorted().findFirst().orElseThrow();
    }
    Ran scored = Ran.wordmill("score", "--json", "--model", first, "--input", test);
    assertThat(scored.json().path("bits_per_character").doubleValue())
        .isEqualTo(distances.get(ngramSizes.size()).path("bits_per_character").doubleValue());
    Ran none = Ran.wordmill("score", "--model", checkpoints.resolve("nothing"), "--input", test);
    assertThat(none.exitCode()).isEqualTo(4);
  }

  @Test
  void textWithoutAKnownEntropyIsRefused() throws IOException {
    Path text = Files.writeString(folder.resolve("text.txt"), "A line of prose .\n");
    Ran ran =
        Ran.wordmill(
            "bound-distance", "--train", text, "--input", text, "--output", folder.resolve("out"));
    assertThat(ran.exitCode()).isEqualTo(3);
    assertThat(ran.errors()).singleElement().asString().contains("synthesize");
  }
}
