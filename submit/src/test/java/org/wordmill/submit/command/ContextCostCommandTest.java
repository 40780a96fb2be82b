package org.wordmill.submit.command;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ContextCostCommandTest {
  @TempDir Path folder;

  @Test
  void theTableAndThePictureAreWritten() throws IOException {
    JsonNode json = run().json();
    List<String> lines = Files.readAllLines(folder.resolve("context-cost.csv"));
    assertThat(lines).hasSize(3).first().isEqualTo("context,transformer_seconds,rnn_seconds");
    assertThat(lines.get(1)).startsWith("64,");
    assertThat(lines.get(2)).startsWith("128,");
    for (JsonNode cost : json.path("costs")) {
      assertThat(cost.path("transformer_seconds").doubleValue()).isPositive();
      assertThat(cost.path("rnn_seconds").doubleValue()).isPositive();
    }
    assertThat(Files.readAllBytes(folder.resolve("context-cost.png")))
        .startsWith(0x89, 'P', 'N', 'G');
  }

  @Test
  void whatIsThereIsNotWrittenOver() throws IOException {
    Files.createFile(folder.resolve("context-cost.png"));
    assertThat(run().exitCode()).isEqualTo(4);
    assertThat(folder.resolve("context-cost.csv")).doesNotExist();
  }

  @Test
  void sizesThatCannotBeAreRefused() {
    assertThat(run("--heads", "3").exitCode()).isEqualTo(2);
    assertThat(run("--longest", "10").exitCode()).isEqualTo(2);
  }

  private Ran run(String... more) {
    Object[] arguments = new Object[8 + more.length];
    Object[] fixed = {"context-cost", "--json", "--width", 8, "--longest", 128, "--output", folder};
    System.arraycopy(fixed, 0, arguments, 0, fixed.length);
    System.arraycopy(more, 0, arguments, fixed.length, more.length);
    return Ran.wordmill(arguments);
  }
}
