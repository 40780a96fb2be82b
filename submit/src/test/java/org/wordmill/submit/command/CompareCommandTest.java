package org.wordmill.submit.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Several models on one text, with the bound that its entropy sets. */
class CompareCommandTest {
  @TempDir private Path folder;

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
