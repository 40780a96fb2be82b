package org.wordmill.submit.command;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ProfileCommandTest {
  @TempDir Path folder;

  @Test
  void theTableAndThePictureAreWritten() throws IOException {
    Ran ran =
        Ran.wordmill(
            "profile", "--json", "--config", "gpt-tiny", "--seconds", 0.1, "--output", folder);
    assertThat(ran.exitCode()).as(ran.err()).isZero();
    JsonNode json = ran.json();
    assertThat(json.path("tokens_per_second").doubleValue()).isPositive();
    assertThat(json.path("share_of_matrix_products").doubleValue()).isBetween(0.0, 1.0);
    List<String> modules = json.path("parts").findValuesAsText("module");
    assertThat(modules).contains("optimizer", "batches, sums, waiting");
    assertThat(Files.readAllLines(folder.resolve("profile.csv"))).hasSize(1 + modules.size());
    assertThat(Files.readAllBytes(folder.resolve("profile.png"))).startsWith(0x89, 'P', 'N', 'G');
  }

  @Test
  void whatIsNoLanguageModelIsRefused() {
    Ran ran = Ran.wordmill("profile", "--config", "tagger-rnn");
    assertThat(ran.exitCode()).isEqualTo(2);
    assertThat(ran.err()).contains("this is a tagger");
    assertThat(Ran.wordmill("profile", "--config", "gpt-tiny", "--seconds", 0).exitCode())
        .isEqualTo(2);
  }
}
