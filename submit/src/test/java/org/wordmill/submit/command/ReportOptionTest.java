package org.wordmill.submit.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.wordmill.submit.command.Ran.wordmill;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.wordmill.format.json.Json;

/** What a driver leaves whose stdout and exit code nobody sees. */
class ReportOptionTest {
  @TempDir private Path folder;

  private JsonNode report() throws IOException {
    return Json.parse(Files.readString(folder.resolve("report.json")), "the report");
  }

  @Test
  void theResultIsWrittenAsJsonWhateverIsPrinted() throws IOException {
    Ran ran =
        wordmill(
            "synthesize",
            "--sentences",
            10,
            "--seed",
            1,
            "--output",
            folder.resolve("text.txt"),
            "--report",
            folder.resolve("report.json"));
    assertThat(ran.exitCode()).isZero();
    assertThat(ran.out()).contains("10 sentences").doesNotStartWith("{");
    assertThat(report().path("exit_code").asInt(-1)).isZero();
    assertThat(report().path("sentences").asInt()).isEqualTo(10);
  }

  @Test
  void aWrongCommandLineIsWrittenToo() throws IOException {
    Ran ran = wordmill("inspect", "--tape", "--report", folder.resolve("report.json"));
    assertThat(ran.exitCode()).isEqualTo(2);
    assertThat(report().path("exit_code").asInt()).isEqualTo(2);
    assertThat(report().path("error").asText()).contains("--tape");
  }

  @Test
  void aReportThatCannotBeWrittenIsToldOnce() throws IOException {
    Path file = Files.writeString(folder.resolve("file"), "");
    Path text = folder.resolve("text.txt");
    Path report = file.resolve("report.json");
    Ran ran = wordmill("synthesize", "--sentences", 1, "--output", text, "--report", report);
    assertThat(ran.exitCode()).isEqualTo(4);
    assertThat(ran.errors()).hasSize(1);
  }

  @Test
  void anErrorIsWrittenWithItsExitCode() throws IOException {
    Ran ran =
        wordmill("inspect", folder.resolve("nothing"), "--report", folder.resolve("report.json"));
    assertThat(ran.exitCode()).isEqualTo(4);
    assertThat(report().path("exit_code").asInt()).isEqualTo(4);
    assertThat("error[4]: " + report().path("error").asText()).isEqualTo(ran.errors().get(0));
  }
}
