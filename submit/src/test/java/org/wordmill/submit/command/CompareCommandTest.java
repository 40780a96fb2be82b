package org.wordmill.submit.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Several models on one text, with the bound that its entropy sets. */
class CompareCommandTest {
  @TempDir private Path folder;

  /** Half of the language is learnt by each: none of the words is unknown to the other. */
  @Test
  void theMixtureOfAnNgramAndANeuralModelIsBetterThanEither() {
    Path train = folder.resolve("train.txt");
    Path test = folder.resolve("test.txt");
    Path arpa = folder.resolve("2.arpa");
    Path run = folder.resolve("run");
    Ran.wordmill("synthesize", "--sentences", 300, "--seed", 1, "--output", train);
    Ran.wordmill("synthesize", "--sentences", 100, "--seed", 2, "--output", test);
    List<Object> limited = List.of("--vocabulary-limit", 30, "--order", 2, "--discount-fallback");
    List<Object> estimate = new ArrayList<>(List.of("estimate", "--input", train, "--arpa", arpa));
    estimate.addAll(limited);
    assertThat(Ran.wordmill(estimate.toArray()).exitCode()).isZero();
    List<Object> training =
        new ArrayList<>(
            List.of("train", "--config", "gpt-tiny", "--input", train, "--output", run));
    for (String setting :
        List.of(
            "tokenizer=words",
            "vocabulary_limit=30",
            "schedule.steps=60",
            "schedule.evaluation_interval=0")) {
      training.addAll(List.of("--set", setting));
    }
    Ran trained = Ran.wordmill(training.toArray());
    assertThat(trained.exitCode()).as(trained.err()).isZero();
    JsonNode score = Ran.wordmill("score", "--json", "--model", run, "--input", test).json();
    assertThat(PerToken.of(run, test, score)).anyMatch(token -> token[1].equals("</s>"));
    Ran refused = Ran.wordmill("score", "--model", run, "--input", test, "--per-token", "kenlm");
    assertThat(refused.errors()).singleElement().asString().contains("of kind transformer");

    Ran compared =
        Ran.wordmill(
            "compare", "--json", "--models", arpa, run, "--mixture", train, "--input", test);
    assertThat(compared.exitCode()).as(compared.err()).isZero();
    JsonNode rows = compared.json().path("models");
    assertThat(rows.findValuesAsText("kind")).containsExactly("ngram", "transformer", "mixture");
    for (JsonNode row : rows) {
      assertThat(row.path("tokens")).isEqualTo(rows.path(0).path("tokens"));
      assertThat(row.path("oov")).isEqualTo(rows.path(0).path("oov"));
    }
    assertThat(rows.path(0).path("oov").longValue()).isPositive();
    double mixture = rows.path(2).path("nats_per_token").doubleValue();
    assertThat(mixture).isLessThan(rows.path(0).path("nats_per_token").doubleValue());
    assertThat(mixture).isLessThan(rows.path(1).path("nats_per_token").doubleValue());
    double weights = 0;
    for (JsonNode weight : rows.path(2).path("weights")) {
      weights += weight.doubleValue();
    }
    assertThat(weights).isCloseTo(1, within(1e-9));

    Path all = folder.resolve("all.arpa");
    Ran.wordmill("estimate", "--input", train, "--order", 2, "--discount-fallback", "--arpa", all);
    refused = Ran.wordmill("compare", "--models", all, run, "--mixture", train, "--input", test);
    assertThat(refused.exitCode()).isEqualTo(2);
    assertThat(refused.err()).contains("not all models of the mixture know");
  }

  @Test
  void syntheticTextHasABoundThatNoModelBetters() throws IOException {
    Path train = folder.resolve("train.txt");
    Path test = folder.resolve("test.txt");
    Ran.wordmill("synthesize", "--sentences", 3000, "--seed", 1, "--output", train);
    Ran made =
        Ran.wordmill("synthesize", "--sentences", 500, "--seed", 2, "--output", test, "--json");
    Path[] arpas = {folder.resolve("2.arpa"), folder.resolve("4.arpa")};
    for (int i = 0; i < 2; i++) {
      Ran estimated =
          Ran.wordmill(
              "estimate",
              "--input",
              train,
              "--order",
              2 * (i + 1),
              "--discount-fallback",
              "--arpa",
              arpas[i]);
      assertThat(estimated.exitCode()).as(estimated.err()).isZero();
    }
    JsonNode compared =
        Ran.wordmill("compare", "--models", arpas[0], arpas[1], "--input", test, "--json").json();
    JsonNode bound = compared.path("entropy_bound");
    double best = made.json().path("best_perplexity_of_this_text").doubleValue();
    assertThat(bound.path("perplexity_including_oov").doubleValue()).isCloseTo(best, within(1e-9));
    assertThat(bound.path("tokens")).isEqualTo(made.json().path("tokens"));
    for (JsonNode model : compared.path("models")) {
      assertThat(model.path("nats_per_token").doubleValue())
          .isGreaterThan(bound.path("nats_per_token").doubleValue());
      assertThat(model.path("characters")).isEqualTo(bound.path("characters"));
      assertThat(model.path("bits_per_character").doubleValue())
          .isGreaterThan(bound.path("bits_per_character").doubleValue());
    }
    String text = Ran.wordmill("compare", "--models", arpas[1], "--input", test).out();
    assertThat(text).contains("nats/token").containsPattern("entropy bound +grammar");

    Files.writeString(test, "a line of another language\n", StandardOpenOption.APPEND);
    Ran foreign = Ran.wordmill("compare", "--models", arpas[1], "--input", test, "--json");
    assertThat(foreign.json().has("entropy_bound")).isFalse();
  }
}
