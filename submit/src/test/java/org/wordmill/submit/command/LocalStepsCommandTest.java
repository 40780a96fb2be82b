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
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.wordmill.format.json.Json;

/** Training with local steps from the command line. */
class LocalStepsCommandTest {
  private static final String TEXT = "the wheel turns and the water runs\nthe mill stands still\n";
  private static final String[] DILOCO = {
    "outer.local_steps=4", "outer.learning_rate=0.7", "outer.momentum=0.9"
  };

  @TempDir private Path folder;
  private Path input;

  @BeforeEach
  void writeTheText() throws IOException {
    input = Files.writeString(folder.resolve("text.txt"), TEXT.repeat(20));
  }

  private Ran train(String output, String... settings) {
    return train(List.of("--config", "gpt-tiny"), output, settings);
  }

  private Ran train(List<String> how, String output, String... settings) {
    List<Object> arguments = new ArrayList<>(List.of("train", "--json"));
    arguments.addAll(how);
    arguments.addAll(
        List.of(
            "--input",
            input,
            "--validation",
            input,
            "--output",
            folder.resolve(output),
            "--set",
            "model.width=8",
            "--set",
            "model.context_length=16",
            "--set",
            "schedule.log_interval=1",
            "--set",
            "schedule.evaluation_interval=4",
            "--set",
            "schedule.checkpoint_interval=4"));
    for (String setting : settings) {
      arguments.addAll(List.of("--set", setting));
    }
    return Ran.wordmill(arguments.toArray());
  }

  private List<Double> losses(String output) throws IOException {
    List<Double> losses = new ArrayList<>();
    for (String line : Files.readAllLines(folder.resolve(output).resolve("metrics.jsonl"))) {
      JsonNode step = Json.parse(line, "metrics");
      if (step.has("loss")) {
        losses.add(step.path("loss").doubleValue());
      }
    }
    return losses;
  }

  @Test
  void aRunWithLocalStepsIsResumedWithTheStepsOfTheUnbrokenOne() throws IOException {
    assertThat(train("unbroken", with(DILOCO, "schedule.steps=8")).exitCode()).isZero();
    Ran half = train("run", with(DILOCO, "schedule.steps=4"));
    assertThat(half.exitCode()).as(half.err()).isZero();
    assertThat(half.err()).contains("by rounds of 4 local steps");
    Ran resumed = train(List.of("--resume"), "run", "schedule.steps=8");
    assertThat(resumed.exitCode()).as(resumed.err()).isZero();
    assertThat(losses("run")).isEqualTo(losses("unbroken")).hasSize(8);
    Ran other = train(List.of("--resume"), "run", "schedule.steps=12", "outer.momentum=0.8");
    assertThat(other.exitCode()).isEqualTo(6);
    assertThat(other.err()).contains("outer.momentum is 0.9 in the checkpoint and 0.8 now");
  }

  private static String[] with(String[] settings, String more) {
    List<String> all = new ArrayList<>(List.of(settings));
    all.add(more);
    return all.toArray(String[]::new);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          outer.local_steps=3                              | set schedule.steps=303, schedule
          outer.local_steps=3                              | schedule.evaluation_interval=6
          outer.local_steps=-1                             | local steps are a number, or 0
          outer.local_steps=4,outer.momentum=1             | the outer momentum must be in [0, 1)
          outer.local_steps=4,outer.learning_rate=0        | must be finite and above 0
          outer.momentum=0.9                               | needs outer.local_steps of 1 or more
          outer.local_steps=2,sync=direct                  | sync = direct
          outer.local_steps=2,optimization.spike_threshold=6 | cannot tell outliers
          outer.local_steps=2,gradients=bf16               | send parameters, and no gradients
          gradients=fp16                                   | 'fp16' is no value of 'gradients'
          outer.locl_steps=4                               | local_steps
          """)
  void settingsThatMakeNoSenseAreRefusedInOneLine(String settings, String part) {
    Ran ran = train("run", ("schedule.steps=302," + settings).split(","));
    assertThat(ran.exitCode()).isEqualTo(2);
    assertThat(ran.err().strip().lines()).hasSize(1).first().asString().contains(part);
    assertThat(folder.resolve("run")).doesNotExist();
  }
}
