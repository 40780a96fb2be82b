package org.wordmill.submit.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** One probability step by step, and the tape of one step, from the command line. */
class ExplainCommandTest {
  private static final Path COWS = Path.of("..", "core", "docs", "guide", "data", "cows.txt");

  @TempDir private Path folder;

  @Test
  void everyTokenIsExplainedAsItIsScored() throws IOException {
    Path text = Files.writeString(folder.resolve("text.txt"), "old cows eat hay in summer\n");
    for (String smoothing : List.of("mle", "kneser-ney")) {
      Path arpa = folder.resolve(smoothing + ".arpa");
      List<Object> arguments =
          new ArrayList<>(List.of("estimate", "--input", COWS, "--order", 3, "--arpa", arpa));
      arguments.addAll(List.of("--smoothing", smoothing));
      if (smoothing.equals("kneser-ney")) {
        arguments.add("--discount-fallback");
      }
      Ran estimated = Ran.wordmill(arguments.toArray());
      assertThat(estimated.exitCode()).as(estimated.err()).isZero();
      JsonNode scored =
          Ran.wordmill("score", "--model", arpa, "--input", text, "--per-token", "--json").json();
      Ran explained =
          Ran.wordmill(
              "explain",
              "--json",
              "--model",
              arpa,
              "--ngram",
              "<s> old",
              "<s> old cows",
              "<s> old cows eat",
              "<s> old cows eat hay",
              "<s> old cows eat hay in",
              "<s> old cows eat hay in summer",
              "<s> old cows eat hay in summer </s>");
      assertThat(explained.exitCode()).as(explained.err()).isZero();
      JsonNode explanations = explained.json().path("explanations");
      assertThat(explanations.size()).isEqualTo(7).isEqualTo(scored.path("per_token").size());
      for (int i = 0; i < 7; i++) {
        double expected = scored.path("per_token").path(i).path("log10_probability").doubleValue();
        JsonNode one = explanations.path(i);
        assertThat(one.path("log10_probability").doubleValue()).isCloseTo(expected, within(1e-9));
        double sum =
            StreamSupport.stream(one.path("steps").spliterator(), false)
                .mapToDouble(step -> step.path("value").doubleValue())
                .sum();
        assertThat(sum).isCloseTo(expected, within(1e-9));
      }
      assertThat(explained.err()).contains("'old' is not in the vocabulary");
    }
  }

  @Test
  void aTapeIsPoppedInTheOrderOppositeToThatOfPushing() {
    Ran ran =
        Ran.wordmill("explain", "--tape", "--config", "gpt-tiny", "--text", "a mill", "--json");
    assertThat(ran.exitCode()).as(ran.err()).isZero();
    JsonNode forward = ran.json().path("forward");
    JsonNode backward = ran.json().path("backward");
    assertThat(ran.json().path("targets").intValue()).isEqualTo(5);
    // Five characters and the unknown one at the start of training: about log 6 nats each.
    assertThat(ran.json().path("loss").doubleValue() / 5).isCloseTo(Math.log(6), within(0.1));
    assertThat(forward.path(0).path("module").asText()).isEqualTo("Embedding");
    assertThat(forward.path(0).path("inputs")).hasToString("[\"ids[1, 5]\"]");
    assertThat(backward.size()).isEqualTo(forward.size());
    for (int i = 0; i < backward.size(); i++) {
      JsonNode pushed = forward.path(forward.size() - 1 - i);
      assertThat(backward.path(i).path("number")).isEqualTo(pushed.path("number"));
      assertThat(backward.path(i).path("module")).isEqualTo(pushed.path("module"));
      assertThat(backward.path(i).path("gradient_norm").doubleValue()).isPositive();
    }
    assertThat(backward.path(0).path("gradient_norm").doubleValue()).isEqualTo(1);
    String text =
        Ran.wordmill("explain", "--tape", "--config", "gpt-tiny", "--text", "a mill").out();
    assertThat(text).contains("each call pushed", "each call popped", "wte.weight");
  }

  @Test
  void whatCannotBeExplainedIsRefusedInOneLine() {
    assertUsage("explain", "--ngram", "a b");
    assertUsage("explain", "--input", COWS);
    assertUsage("explain", "--input", COWS, "--ngram", " ");
    assertUsage("explain", "--input", COWS, "--ngram", "a </s> b");
    assertUsage("explain", "--input", COWS, "--ngram", "a <s>");
    assertUsage("explain", "--input", COWS, "--smoothing", "nle", "--ngram", "a");
    assertUsage("explain", "--input", COWS, "--model", COWS, "--ngram", "a");
    assertUsage("explain", "--config", "gpt-tiny", "--ngram", "a");
    assertUsage("explain", "--tape", "--config", "gpt-tiny");
    assertUsage("explain", "--tape", "--config", "gpt-tiny", "--text", "x");
    assertUsage("explain", "--tape", "--config", "gpt-tiny", "--text", "x".repeat(40));
    assertUsage("explain", "--tape", "--input", COWS, "--text", "xyz");
  }

  private static void assertUsage(Object... arguments) {
    Ran ran = Ran.wordmill(arguments);
    assertThat(ran.exitCode()).as(ran.err()).isEqualTo(2);
    assertThat(ran.errors()).hasSize(1);
  }
}
