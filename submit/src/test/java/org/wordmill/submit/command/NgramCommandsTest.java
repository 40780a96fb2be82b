package org.wordmill.submit.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Counting, estimating, scoring and writing with n-grams from the command line. */
class NgramCommandsTest {
  private static final String TEXT = "a b a\na b\n";

  @TempDir private Path folder;
  private Path input;

  @BeforeEach
  void writeTheText() throws IOException {
    input = Files.writeString(folder.resolve("text.txt"), TEXT);
  }

  private Path estimate(String smoothing, int order) {
    Path arpa = folder.resolve(smoothing + order + ".arpa");
    List<Object> arguments =
        new ArrayList<>(List.of("estimate", "--input", input, "--order", order, "--arpa", arpa));
    arguments.addAll(List.of("--smoothing", smoothing, "--json"));
    if (smoothing.equals("kneser-ney")) {
      arguments.add("--discount-fallback");
    }
    Ran ran = Ran.wordmill(arguments.toArray());
    assertThat(ran.exitCode()).as(ran.err()).isZero();
    assertThat(ran.json().path("tokens").longValue()).isEqualTo(5);
    return arpa;
  }

  @Test
  void countsAreThoseOfTheText() throws IOException {
    Path counts = folder.resolve("counts");
    Ran ran =
        Ran.wordmill(
            "count",
            "--input",
            input,
            "--order",
            2,
            "--format",
            "tsv",
            "--partitions",
            1,
            "--output",
            counts,
            "--json");
    assertThat(ran.exitCode()).as(ran.err()).isZero();
    assertThat(ran.json().path("ngrams")).hasToString("[4,5]");
    assertThat(counts.resolve("order=2/part-00000.tsv"))
        .content()
        .contains("<s> a\t2", "a b\t2", "b a\t1", "a </s>\t1", "b </s>\t1");
  }

  @Test
  void theSameCountsAreWrittenForAnyCutOfTheText() throws IOException {
    Files.writeString(folder.resolve("1.txt"), "a b a\r\n");
    Files.writeString(folder.resolve("2.txt"), "a b");
    String[] totals = new String[2];
    Path[] inputs = {input, folder.resolve("[12].txt")};
    for (int i = 0; i < 2; i++) {
      Path counts = folder.resolve("counts" + i);
      Ran ran =
          Ran.wordmill(
              "count",
              "--input",
              inputs[i],
              "--order",
              3,
              "--format",
              "tsv",
              "--partitions",
              1,
              "--output",
              counts);
      assertThat(ran.exitCode()).as(ran.err()).isZero();
      totals[i] = Files.readString(counts.resolve("order=3/part-00000.tsv"));
    }
    assertThat(totals[0]).isEqualTo(totals[1]);
  }

  @Test
  void countsOfTwoTextsMakeTheModelOfBoth() throws IOException {
    Path whole = estimate("kneser-ney", 3);
    Files.writeString(folder.resolve("1.txt"), "a b a\n");
    Files.writeString(folder.resolve("2.txt"), "a b\n");
    for (int i = 1; i <= 2; i++) {
      Ran ran =
          Ran.wordmill(
              "count",
              "--input",
              folder.resolve(i + ".txt"),
              "--order",
              3,
              "--format",
              i == 1 ? "web1t" : "tsv",
              "--output",
              folder.resolve("counts" + i));
      assertThat(ran.exitCode()).as(ran.err()).isZero();
    }
    Path both = folder.resolve("both");
    Ran merged =
        Ran.wordmill(
            "count",
            "--counts",
            folder.resolve("counts1"),
            folder.resolve("counts2"),
            "--order",
            3,
            "--output",
            both,
            "--json");
    assertThat(merged.exitCode()).as(merged.err()).isZero();
    assertThat(merged.json().path("tokens").longValue()).isEqualTo(5);
    Path arpa = folder.resolve("both.arpa");
    Ran ran =
        Ran.wordmill(
            "estimate", "--counts", both, "--order", 3, "--discount-fallback", "--arpa", arpa);
    assertThat(ran.exitCode()).as(ran.err()).isZero();
    assertThat(arpa).hasSameTextualContentAs(whole);
  }

  @Test
  void textOrCountsAreWanted() {
    Object[] neither = {"estimate", "--order", 2, "--arpa", folder.resolve("m.arpa")};
    assertThat(Ran.wordmill(neither).exitCode()).isEqualTo(2);
    Ran both =
        Ran.wordmill(
            "count", "--input", input, "--counts", input, "--order", 2, "--output", folder);
    assertThat(both.exitCode()).isEqualTo(2);
    assertThat(both.errors()).hasSize(1);
    assertThat(both.err()).contains("--input and --counts");
  }

  /** Maximum likelihood by hand: p(a|s) = 1, p(b|a) = 2/3, p(a|b) = 1/2, p(end|a) = 1/3. */
  @Test
  void maximumLikelihoodScoresAreThoseOfTheFormula() throws IOException {
    Path text = Files.writeString(folder.resolve("score.txt"), "a b a\n");
    Ran ran =
        Ran.wordmill(
            "score", "--model", estimate("mle", 2), "--input", text, "--json", "--per-token");
    JsonNode score = ran.json();
    assertThat(score.path("tokens").longValue()).isEqualTo(4);
    assertThat(score.path("perplexity_including_oov").doubleValue())
        .isCloseTo(Math.pow(2.0 / 3 * 1 / 2 * 1 / 3, -1.0 / 4), within(1e-6));
    assertThat(score.path("ppl1").doubleValue())
        .isCloseTo(Math.pow(2.0 / 3 * 1 / 2 * 1 / 3, -1.0 / 3), within(1e-6));
    assertThat(score.has("zero_probability")).isFalse();
    assertThat(score.path("per_token").path(1).path("token").asText()).isEqualTo("b");
    assertThat(score.path("per_token").path(1).path("log10_probability").doubleValue())
        .isCloseTo(Math.log10(2.0 / 3), within(1e-6));
    assertThat(score.path("per_token").path(1).path("matched_order").intValue()).isEqualTo(2);
  }

  /** No sentence of the text begins with b, and every other step was seen. */
  @Test
  void impossibleTokensAreCountedAndTheirPerplexityIsShort() throws IOException {
    Path text = Files.writeString(folder.resolve("score.txt"), "b a\n".repeat(2));
    Path arpa = estimate("mle", 2);
    JsonNode score = Ran.wordmill("score", "--model", arpa, "--input", text, "--json").json();
    assertThat(score.path("zero_probability").longValue()).isEqualTo(2);
    assertThat(Ran.wordmill("score", "--model", arpa, "--input", text).out())
        .containsPattern("zero probability +2");
    assertThat(Ran.wordmill("compare", "--models", arpa, "--input", text).out())
        .containsPattern(" [0-9]\\.[0-9]{3}e\\+[0-9]+ \\(2 of probability 0\\)");
  }

  /** The text has 7 events of 3 types: p(a) = (3 + 3/4)/10; after b, 1 of 2 is a, of 2 types. */
  @Test
  void wittenBellScoresAreThoseOfTheFormula() throws IOException {
    Path text = Files.writeString(folder.resolve("score.txt"), "b a\n");
    Ran ran =
        Ran.wordmill(
            "score",
            "--model",
            estimate("witten-bell", 2),
            "--input",
            text,
            "--json",
            "--per-token");
    assertThat(ran.json().path("per_token").path(1).path("log10_probability").doubleValue())
        .isCloseTo(Math.log10((1 + 2 * 0.375) / 4), within(1e-6));
  }

  @Test
  void scoresOfStupidBackoffAreSaidToBeNoProbabilities() {
    Path arpa = folder.resolve("stupid.arpa");
    Ran ran =
        Ran.wordmill(
            "estimate",
            "--input",
            input,
            "--order",
            2,
            "--smoothing",
            "stupid-backoff",
            "--backoff-factor",
            0.5,
            "--arpa",
            arpa);
    assertThat(ran.exitCode()).as(ran.err()).isZero();
    assertThat(ran.err()).contains("note: stupid back-off gives scores, not probabilities");
    assertThat(ran.out()).doesNotContain("D1");
    assertThat(arpa).content().contains("\ta\t-0.30103\n");
  }

  @Test
  void optionsOfAnotherSmoothingAreRefused() {
    Ran ran =
        Ran.wordmill(
            "estimate",
            "--input",
            input,
            "--order",
            2,
            "--smoothing",
            "witten-bell",
            "--k",
            1,
            "--arpa",
            folder.resolve("m.arpa"));
    assertThat(ran.exitCode()).isEqualTo(2);
    assertThat(ran.err()).contains("--k with --smoothing witten-bell").contains("add-k");
  }

  @Test
  void textAndJsonSayTheSame() {
    Path arpa = estimate("kneser-ney", 2);
    JsonNode json = Ran.wordmill("score", "--model", arpa, "--input", input, "--json").json();
    String text = Ran.wordmill("score", "--model", arpa, "--input", input).out();
    assertThat(text)
        .containsPattern("perplexity including oov +" + decimals(json, "perplexity_including_oov"))
        .containsPattern("bits per character +" + decimals(json, "bits_per_character"))
        .containsPattern("tokens +7");
    String perToken = Ran.wordmill("score", "--model", arpa, "--input", input, "--per-token").out();
    assertThat(perToken.lines().filter(line -> line.contains("\t"))).hasSize(7);
  }

  private static String decimals(JsonNode json, String name) {
    return String.format(java.util.Locale.ROOT, "%.6f", json.path(name).doubleValue());
  }

  @Test
  void greedyTextFollowsTheLikeliestWordsToTheEndOfTheSentence() {
    Path arpa = estimate("mle", 2);
    Ran ran = Ran.wordmill("generate", "--model", arpa, "--temperature", 0, "--max-tokens", 3);
    assertThat(ran.out()).isEqualTo("a b\n");
    JsonNode json =
        Ran.wordmill(
                "generate",
                "--model",
                arpa,
                "--prompt",
                "a",
                "--max-tokens",
                2,
                "--seed",
                5,
                "--json")
            .json();
    assertThat(json.path("prompt").asText()).isEqualTo("a");
    assertThat(json.path("seed").longValue()).isEqualTo(5);
  }

  @Test
  void inspectTellsOrderAndEntries() {
    JsonNode json = Ran.wordmill("inspect", "--json", estimate("kneser-ney", 3)).json();
    assertThat(json.path("order").intValue()).isEqualTo(3);
    assertThat(json.path("entries").path(0).intValue()).isEqualTo(5);
  }

  @Test
  void inspectCountsTheParametersOfAPreset() {
    JsonNode json =
        Ran.wordmill("inspect", "--json", "shakespeare-char", "--vocabulary-size", 65).json();
    long width = 128;
    long block = 12 * width * width + 13 * width;
    assertThat(json.path("parameter_count").longValue())
        .isEqualTo(4 * block + (65 + 64) * width + 2 * width);
    assertThat(json.path("settings").path("model").path("layers").intValue()).isEqualTo(4);
    JsonNode memory = json.path("memory_bytes");
    long vector = 4 * json.path("parameter_count").longValue();
    assertThat(memory.path("parameters").longValue()).isEqualTo(vector);
    assertThat(memory.path("moments").longValue()).isEqualTo(2 * vector);
    // At least what attention and feed-forward keep of each of 6 x 64 tokens, in four layers.
    assertThat(memory.path("activations").longValue()).isGreaterThan(4 * 6 * 64 * 14 * width * 4);
  }

  @Test
  void gradientChecksPass() {
    Ran ran = Ran.wordmill("grad-check", "--json");
    assertThat(ran.exitCode()).as(ran.out()).isZero();
    assertThat(ran.json().path("failed").intValue()).isZero();
    assertThat(ran.json().path("passed").intValue()).isGreaterThan(20);
  }

  @Test
  void severalSamplesAreThoseOfTheSeedsThatFollow() {
    Path arpa = estimate("kneser-ney", 2);
    Ran three = Ran.wordmill("generate", "--model", arpa, "--seed", 5, "--samples", 3, "--json");
    assertThat(three.json().path("texts")).hasSize(3);
    for (int i = 0; i < 3; i++) {
      Ran one = Ran.wordmill("generate", "--model", arpa, "--seed", 5 + i, "--json");
      assertThat(one.json().path("text")).isEqualTo(three.json().path("texts").path(i));
    }
    assertThat(Ran.wordmill("generate", "--model", arpa, "--samples", 0).exitCode()).isEqualTo(2);
  }
}
