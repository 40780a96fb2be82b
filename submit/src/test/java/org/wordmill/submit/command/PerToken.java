package org.wordmill.submit.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.util.List;

/** The lines of {@code score --per-token} for a neural model, which must add up to its score. */
final class PerToken {
  private PerToken() {}

  /** The columns of every line: sentence, token, log10 probability. */
  static List<String[]> of(Path model, Path text, JsonNode score) {
    Ran ran = Ran.wordmill("score", "--model", model, "--input", text, "--per-token");
    assertThat(ran.exitCode()).as(ran.err()).isZero();
    List<String[]> tokens =
        ran.out().lines().filter(line -> line.contains("\t")).map(l -> l.split("\t")).toList();
    assertThat(tokens).hasSize(score.path("tokens").intValue()).allMatch(t -> t.length == 3);
    double sum = tokens.stream().mapToDouble(token -> Double.parseDouble(token[2])).sum();
    double expected = score.path("log_probability").doubleValue();
    assertThat(sum * Math.log(10)).isCloseTo(expected, within(1e-3 * Math.abs(expected)));
    return tokens;
  }
}
