package org.wordmill.submit.command;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** Gradient checks of the house's modules and of a newcomer's, from the command line. */
class GradCheckCommandTest {
  private static final Path EXERCISES = Path.of("..", "core", "docs", "guide", "exercises");

  // Core's GradientCheckTest runs all of them in every mode; here a few tell the modes apart.
  @Test
  void allChecksModulesInTrainingAndInEvaluation() {
    JsonNode training = Ran.wordmill("grad-check", "Dropout", "LayerNorm", "--json").json();
    JsonNode both = Ran.wordmill("grad-check", "Dropout", "LayerNorm", "--all", "--json").json();
    assertThat(training.path("failed").intValue()).isZero();
    assertThat(both.path("failed").intValue()).isZero();
    assertThat(training.path("passed").intValue()).isGreaterThan(1);
    assertThat(both.path("passed").intValue()).isEqualTo(2 * training.path("passed").intValue());
    assertThat(both.path("checks").findValuesAsText("name"))
        .contains("Dropout", "Dropout, evaluation", "LayerNorm, evaluation");
  }

  @Test
  void namedModulesAloneAreChecked() {
    Ran ran = Ran.wordmill("grad-check", "Softmax", "LayerNorm", "--json");
    assertThat(ran.json().path("checks").findValuesAsText("name"))
        .allMatch(name -> name.startsWith("Softmax") || name.startsWith("LayerNorm"))
        .contains("Softmax", "SoftmaxCrossEntropy", "LayerNorm");
    Ran mistyped = Ran.wordmill("grad-check", "Sotfmax");
    assertThat(mistyped.exitCode()).isEqualTo(2);
    assertThat(mistyped.err()).contains("did you mean Softmax?");
  }

  @Test
  void aModuleInAFileOfItsOwnIsRightOrWrong() {
    Path blank = EXERCISES.resolve("Softplus.java");
    Ran wrong = Ran.wordmill("grad-check", "--source", blank);
    assertThat(wrong.exitCode()).isEqualTo(7);
    assertThat(wrong.out()).contains("Softplus", "WRONG");
    Ran right =
        Ran.wordmill("grad-check", "--source", EXERCISES.resolve("solutions/Softplus.java"));
    assertThat(right.exitCode()).as(right.err()).isZero();
    Ran both = Ran.wordmill("grad-check", "Linear", "--source", blank);
    assertThat(both.exitCode()).isEqualTo(2);
  }
}
