package org.wordmill.submit.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.wordmill.submit.command.Ran.wordmill;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.wordmill.format.json.Json;

/** Every output has a report with what {@code --json} prints, which no reader takes for data. */
class ReportFileTest {
  @TempDir private Path folder;
  private Path input;

  @BeforeEach
  void writeTheText() throws IOException {
    input = Files.writeString(folder.resolve("text.txt"), "a b c\na b\n".repeat(40));
  }

  /** Runs a command twice, over its own output the second time; the report is of the second. */
  private JsonNode twice(String report, Object... arguments) throws IOException {
    assertThat(run(arguments).exitCode()).isZero();
    List<Object> again = new ArrayList<>(Arrays.asList(arguments));
    again.add("--overwrite");
    Ran ran = run(again.toArray());
    assertThat(ran.exitCode()).as(ran.err()).isZero();
    assertThat(report(report)).isEqualTo(ran.json());
    return ran.json();
  }

  private JsonNode report(String name) throws IOException {
    return Json.parse(Files.readString(folder.resolve(name)), name);
  }

  private static Ran run(Object... arguments) {
    List<Object> all = new ArrayList<>(Arrays.asList(arguments));
    all.add("--json");
    Ran ran = wordmill(all.toArray());
    assertThat(ran.exitCode()).as(ran.err()).isZero();
    return ran;
  }

  @Test
  void countsInAllFormatsAreReadAgainBesideTheirReport() throws IOException {
    Path sum = folder.resolve("sum");
    for (String format : List.of("parquet", "tsv", "web1t")) {
      Path counts = folder.resolve(format);
      Ran counted =
          run("count", "--input", input, "--order", 2, "--format", format, "--output", counts);
      assertThat(report(format + "/_report.json")).isEqualTo(counted.json());
      Ran again = run("count", "--counts", counts, "--order", 2, "--output", sum, "--overwrite");
      assertThat(again.json().path("ngrams")).as(format).isEqualTo(counted.json().path("ngrams"));
      assertThat(report("sum/_report.json")).isEqualTo(again.json());
    }
  }

  @Test
  void aModelHasItsReportBesideIt() throws IOException {
    JsonNode report =
        twice(
            "model.arpa.gz.report.json",
            "estimate",
            "--input",
            input,
            "--order",
            2,
            "--discount-fallback",
            "--arpa",
            folder.resolve("model.arpa.gz"),
            "--parquet",
            folder.resolve("table"));
    assertThat(report("table/_report.json")).isEqualTo(report);
  }

  @Test
  void textThatWasScoredIsTextStill() throws IOException {
    Path arpa = folder.resolve("model.arpa");
    run("estimate", "--input", input, "--order", 2, "--discount-fallback", "--arpa", arpa);
    Path kept = folder.resolve("kept");
    twice(
        "kept/_report.json",
        "score",
        "--model",
        arpa,
        "--input",
        input,
        "--keep-below",
        1000,
        "--output-format",
        "text",
        "--output",
        kept);
    JsonNode counted =
        run("count", "--input", kept, "--order", 1, "--output", folder.resolve("n")).json();
    assertThat(counted.path("tokens").longValue()).isEqualTo(200);
  }

  @Test
  void tokenizersAndPreparedTextAreReadBesideTheirReports() throws IOException {
    Path tok = folder.resolve("tok");
    twice(
        "tok/report.json",
        "tokenizer",
        "train",
        "--input",
        input,
        "--vocabulary-size",
        260,
        "--output",
        tok);
    Path shards = folder.resolve("shards");
    JsonNode report =
        twice(
            "shards/_report.json",
            "prepare",
            "--input",
            input,
            "--tokenizer",
            tok,
            "--output",
            shards);
    JsonNode inspected = run("inspect", shards, "--verify").json();
    assertThat(inspected.path("tokens")).isEqualTo(report.path("tokens"));
  }

  @Test
  void anExportIsImportedBesideItsReport() throws IOException {
    Path run = folder.resolve("run");
    run(
        "train",
        "--config",
        "gpt-tiny",
        "--input",
        input,
        "--output",
        run,
        "--set",
        "schedule.steps=1",
        "--set",
        "schedule.evaluation_interval=0");
    Path gpt2 = folder.resolve("gpt2");
    twice("gpt2/report.json", "export", "--model", run, "--output", gpt2);
    twice("back/report.json", "import", "--input", gpt2, "--output", folder.resolve("back"));
  }
}
