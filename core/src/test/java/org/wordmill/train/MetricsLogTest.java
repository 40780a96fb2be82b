package org.wordmill.train;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.StringReader;
import java.io.StringWriter;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.wordmill.format.json.Json;
import org.wordmill.kernel.MatrixRate;

class MetricsLogTest {
  private final StringWriter out = new StringWriter();
  private final MetricsLog log = new MetricsLog(out, "m", new Schedule(25, 10, 0, 0, 0, 2));

  @Test
  void stepsAreLoggedAtTheIntervalAndAtTheEnd() {
    for (long step = 1; step <= 25; step++) {
      log.step(metrics(step, 1.5, true));
    }
    assertThat(lines()).extracting(line -> line.path("step").asInt()).containsExactly(10, 20, 25);
    assertThat(lines().get(0).path("loss").asDouble()).isEqualTo(1.5);
    assertThat(lines().get(0).path("tokens_per_s").asDouble()).isEqualTo(400);
    assertThat(lines().get(0).has("finite")).isFalse();
  }

  @Test
  void aLineTellsTheTimesOfItsIntervalAndWhatTheModelDoes() {
    log.measured(new MatrixRate(1e9, 2, "reference"));
    log.started(SmallRun.config(), 0, 1000, "local");
    for (int step = 1; step <= 20; step++) {
      double seconds = step <= 10 ? step : 0.5;
      log.step(new StepMetrics(step, 1, 1e-3, 2, step, 0.5, seconds, 400, 0, 0, true, false, 0));
    }
    JsonNode first = lines().get(0);
    assertThat(first.path("step_seconds_p50").asDouble()).isEqualTo(5);
    assertThat(first.path("step_seconds_p90").asDouble()).isEqualTo(9);
    assertThat(first.path("step_seconds_max").asDouble()).isEqualTo(10);
    assertThat(lines().get(1).path("step_seconds_max").asDouble()).isEqualTo(0.5);
    // 6 operations for each of 1000 parameters and 400 tokens a second
    assertThat(first.path("model_flop_per_s").asDouble()).isEqualTo(2.4e6);
    assertThat(first.path("machine_share").asDouble()).isEqualTo(2.4e-3);
  }

  @Test
  void aLineTellsWhenItWasWritten() {
    double before = System.currentTimeMillis() / 1000.0;
    log.step(metrics(10, 1.5, true));
    double after = System.currentTimeMillis() / 1000.0;
    assertThat(lines().get(0).path("time").asDouble()).isBetween(before, after);
  }

  @Test
  void aTaggersSentencesAreNotCountedInOperationsNorIsAMachineThatNobodyMeasured() {
    log.started(TaggerRun.config(), 0, 1000, "local");
    log.step(metrics(10, 1.5, true));
    assertThat(lines().get(0).has("model_flop_per_s")).isFalse();
    log.started(SmallRun.config(), 0, 1000, "local");
    log.step(metrics(20, 1.5, true));
    assertThat(lines().get(1).has("model_flop_per_s")).isTrue();
    assertThat(lines().get(1).has("machine_share")).isFalse();
  }

  @Test
  void aStepThatIsNotFiniteIsAlwaysLoggedAndIsStillJson() {
    log.step(metrics(3, Double.NaN, false));
    assertThat(lines()).hasSize(1);
    assertThat(lines().get(0).path("loss").isNull()).isTrue();
    assertThat(lines().get(0).path("finite").asBoolean(true)).isFalse();
  }

  @Test
  void anOutlierIsAlwaysLoggedAndCounted() {
    log.step(new StepMetrics(3, 9.5, 1e-3, 2, 300, 0.5, 0.25, 400, 0.05, 0.01, true, true, 2));
    assertThat(lines()).hasSize(1);
    assertThat(lines().get(0).path("spike").asBoolean()).isTrue();
    assertThat(lines().get(0).path("skipped").asInt()).isEqualTo(2);
    assertThat(lines().get(0).has("finite")).isFalse();
  }

  @Test
  void evaluationsAreLinesOfTheirOwn() {
    log.evaluated(new EvaluationMetrics(7, 2.25, 100, 0.5, true));
    log.evaluated(new EvaluationMetrics(8, Double.POSITIVE_INFINITY, 100, 0.5, false));
    assertThat(lines().get(0).path("validation_loss").asDouble()).isEqualTo(2.25);
    assertThat(lines().get(0).path("best").asBoolean()).isTrue();
    assertThat(lines().get(1).path("validation_loss").isNull()).isTrue();
    assertThat(lines().get(1).path("finite").asBoolean(true)).isFalse();
  }

  @Test
  void anEpochIsALineWithItsMeanLoss() {
    log.epoch(new EpochMetrics(2, 17, 1.25, 4000, true));
    assertThat(out.toString())
        .matches(
            "\\{\"step\":17,\"epoch\":2,\"mean_loss\":1.25,\"tokens\":4000,\"whole\":true,"
                + "\"time\":\\d{10}\\.\\d{3}}\n");
  }

  @Test
  void aResumedLogKeepsTheLinesOfTheStepsMadeAndDropsOneThatWasCutOff() throws IOException {
    String before =
        "{\"step\":10}\n{\"step\":20}\n{\"step\":20,\"best\":true}\n{\"step\":30}\n{\"st";
    List<String> kept = MetricsLog.linesUpTo(20, new BufferedReader(new StringReader(before)));
    assertThat(kept)
        .containsExactly("{\"step\":10}", "{\"step\":20}", "{\"step\":20,\"best\":true}");
    log.copy(kept);
    assertThat(out.toString()).isEqualTo(String.join("\n", kept) + "\n");
  }

  private static StepMetrics metrics(long step, double loss, boolean finite) {
    return new StepMetrics(
        step, loss, 1e-3, 2, 100 * step, 0.5, 0.25, 400, 0.05, 0.01, finite, false, finite ? 0 : 1);
  }

  private List<JsonNode> lines() {
    return out.toString().lines().map(line -> Json.parse(line, "m")).toList();
  }
}
