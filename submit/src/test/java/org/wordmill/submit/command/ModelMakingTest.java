package org.wordmill.submit.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Models made of models: prune and mix. */
class ModelMakingTest {
  @TempDir private Path folder;
  private Path first;
  private Path second;

  @BeforeEach
  void estimateTwoModels() throws IOException {
    first = estimate("first", "a b a\na b\nb b a\na b c\n");
    second = estimate("second", "c b a\nc c\nb c a d\n");
  }

  private Path estimate(String name, String content) throws IOException {
    Path text = Files.writeString(folder.resolve(name + ".txt"), content);
    Path arpa = folder.resolve(name + ".arpa");
    Ran ran =
        Ran.wordmill(
            "estimate",
            "--input",
            text,
            "--order",
            3,
            "--smoothing",
            "witten-bell",
            "--arpa",
            arpa);
    assertThat(ran.exitCode()).as(ran.err()).isZero();
    return arpa;
  }

  @Test
  void aPrunedModelIsSmallerAndStillAModel() {
    Path small = folder.resolve("small.arpa.gz");
    Ran ran =
        Ran.wordmill("prune", "--arpa", first, "--threshold", 0.01, "--output", small, "--json");
    assertThat(ran.exitCode()).as(ran.err()).isZero();
    assertThat(ran.json().path("pruned").path(2).intValue()).isPositive();
    JsonNode entries = Ran.wordmill("inspect", small, "--json").json().path("entries");
    assertThat(entries).hasToString(ran.json().path("entries").toString());
    Path table = folder.resolve("small.table");
    assertThat(Ran.wordmill("pack", "--arpa", small, "--model", table).exitCode()).isZero();
    for (Path model : new Path[] {small, table}) {
      Ran score =
          Ran.wordmill("score", "--model", model, "--input", folder.resolve("first.txt"), "--json");
      assertThat(score.json().path("perplexity_including_oov").doubleValue()).isBetween(1.0, 10.0);
    }
  }

  @Test
  void anOutputThatIsThereIsKeptUnlessItMayBeReplaced() throws IOException {
    Path there = Files.writeString(folder.resolve("there.arpa"), "old");
    Object[] command = {"prune", "--arpa", first, "--threshold", "1e-3", "--output", there};
    Ran refused = Ran.wordmill(command);
    assertThat(refused.exitCode()).isEqualTo(4);
    assertThat(refused.errors()).hasSize(1);
    assertThat(there).hasContent("old");
    Object[] overwriting = java.util.Arrays.copyOf(command, command.length + 1);
    overwriting[command.length] = "--overwrite";
    assertThat(Ran.wordmill(overwriting).exitCode()).isZero();
    assertThat(there).content().startsWith("\\data\\");
  }

  @Test
  void whatIsNoModelIsRefusedInOneLine() throws IOException {
    Path text = folder.resolve("first.txt");
    Path out = folder.resolve("out.arpa");
    Ran notArpa = Ran.wordmill("prune", "--arpa", text, "--threshold", 1e-3, "--output", out);
    assertThat(notArpa.exitCode()).isEqualTo(6);
    Ran missing =
        Ran.wordmill(
            "mix", "--models", first, folder.resolve("no"), "--weights", 1, 1, "--output", out);
    assertThat(missing.exitCode()).isEqualTo(4);
    Ran weights =
        Ran.wordmill("mix", "--models", first, second, "--weights", 1, -1, "--output", out);
    assertThat(weights.exitCode()).isEqualTo(2);
    Ran none = Ran.wordmill("mix", "--models", first, second, "--output", out);
    assertThat(none.exitCode()).isEqualTo(2);
    for (Ran ran : new Ran[] {notArpa, missing, weights, none}) {
      assertThat(ran.errors()).as(ran.err()).hasSize(1);
    }
    assertThat(out).doesNotExist();
  }

  /** p(a) is 5/12 of 12 events in the first text: its share in the table is half of either's. */
  @Test
  void mixedUnigramsAreTheMeanOfTheModels() {
    Path mixed = folder.resolve("mixed.arpa");
    Ran ran =
        Ran.wordmill(
            "mix", "--models", first, second, "--weights", 2, 2, "--output", mixed, "--json");
    assertThat(ran.exitCode()).as(ran.err()).isZero();
    assertThat(ran.json().path("weights")).hasToString("[0.5,0.5]");
    double mean = (probability(first, "a") + probability(second, "a")) / 2;
    assertThat(probability(mixed, "a")).isCloseTo(mean, within(1e-6));
    assertThat(probability(mixed, "d")).isCloseTo(probability(second, "d") / 2, within(1e-6));
  }

  private static double probability(Path model, String ngram) {
    return Ran.wordmill("explain", "--model", model, "--ngram", ngram, "--json")
        .json()
        .path("explanations")
        .path(0)
        .path("probability")
        .doubleValue();
  }

  /** Text like the first model's asks for more of the first than of the second. */
  @Test
  void weightsAreThoseThatHeldOutTextAsksFor() throws IOException {
    Path heldOut = Files.writeString(folder.resolve("held-out.txt"), "a b\na b a\nb c zzz\n");
    Path mixed = folder.resolve("mixed.arpa");
    Ran ran =
        Ran.wordmill(
            "mix", "--models", first, second, "--held-out", heldOut, "--output", mixed, "--json");
    assertThat(ran.exitCode()).as(ran.err()).isZero();
    double weight = ran.json().path("weights").path(0).doubleValue();
    assertThat(weight).isBetween(0.6, 1.0);
    assertThat(weight + ran.json().path("weights").path(1).doubleValue())
        .isCloseTo(1, within(1e-12));
  }
}
