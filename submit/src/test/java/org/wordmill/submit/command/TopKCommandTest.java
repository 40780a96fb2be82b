package org.wordmill.submit.command;

import static org.assertj.core.api.Assertions.assertThat;

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

/** Gradients that are sent in parts, from the command line. */
class TopKCommandTest {
  @TempDir private Path folder;
  private Path input;

  @BeforeEach
  void writeTheText() throws IOException {
    input =
        Files.writeString(
            folder.resolve("text.txt"),
            "the wheel turns and the water runs\nthe mill stands still\n".repeat(20));
  }

  private Ran train(String... settings) {
    List<Object> arguments = new ArrayList<>(List.of("train", "--json", "--config", "gpt-tiny"));
    arguments.addAll(List.of("--input", input, "--validation", input));
    arguments.addAll(List.of("--output", folder.resolve("run")));
    for (String setting : settings) {
      arguments.addAll(List.of("--set", setting));
    }
    return Ran.wordmill(arguments.toArray());
  }

  @Test
  void aRunInLocalModeIsSharedAndKeepsTheSetting() throws IOException {
    Ran ran =
        train(
            "model.width=8",
            "model.context_length=16",
            "schedule.steps=8",
            "schedule.evaluation_interval=4",
            "schedule.checkpoint_interval=4",
            "top_k.density=0.1",
            "top_k.period=4");
    assertThat(ran.exitCode()).as(ran.err()).isZero();
    assertThat(ran.err()).contains("sync = auto is shared");
    assertThat(Files.readString(folder.resolve("run/config.conf"))).contains("density");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          top_k.density=0                                 | must be in (0, 1], got 0.0
          top_k.density=0.1,top_k.period=1                | a period has 2 steps or more
          top_k.period=10                                 | needs top_k.density below 1
          top_k.density=0.1,top_k.period=7                | set schedule.steps=
          top_k.density=0.1,sync=shuffle                  | set sync=direct on a cluster
          top_k.density=0.1,sync=broadcast                | set sync=direct on a cluster
          top_k.densty=0.1                                | densty
          """)
  void settingsThatMakeNoSenseAreRefusedInOneLine(String settings, String part) {
    Ran ran =
        train(
            ("schedule.steps=300,schedule.evaluation_interval=100,schedule.checkpoint_interval=100,"
                    + settings)
                .split(","));
    assertThat(ran.exitCode()).isEqualTo(2);
    assertThat(ran.err().strip().lines()).hasSize(1).first().asString().contains(part);
    assertThat(folder.resolve("run")).doesNotExist();
  }
}
