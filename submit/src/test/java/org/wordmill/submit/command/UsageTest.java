package org.wordmill.submit.command;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.spark.SparkException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.wordmill.error.ExitCode;
import org.wordmill.error.WordmillException;

/** Wrong command lines, and how faults find their way to one line. */
class UsageTest {
  @TempDir private Path folder;

  private static void assertUsage(Ran ran, String... parts) {
    assertThat(ran.exitCode()).as(ran.err()).isEqualTo(2);
    assertThat(ran.err().lines()).hasSize(1);
    assertThat(ran.err()).startsWith("error[2]: ").contains(parts);
    assertThat(ran.out()).isEmpty();
  }

  @Test
  void aMistypedCommandOrOptionNamesTheNearestOne() {
    assertUsage(Ran.wordmill("quikstart"), "'quikstart'", "did you mean quickstart?");
    assertUsage(
        Ran.wordmill("estimate", "--input", "x", "--order", 3, "--arpa", "y", "--prun", "0"),
        "--prun",
        "did you mean --prune?");
    assertUsage(Ran.wordmill("banana"), "'banana'", "wordmill --help");
    assertUsage(Ran.wordmill(), "no command", "--help");
  }

  @Test
  void missingAndMalformedOptionsAreNamed() {
    assertUsage(Ran.wordmill("estimate", "--input", "x"), "--order");
    assertUsage(
        Ran.wordmill("estimate", "--input", "x", "--order", 2), "--arpa FILE", "--parquet DIR");
    assertUsage(
        Ran.wordmill("count", "--input", "x", "--order", "three", "--output", "y"),
        "--order",
        "three");
    assertUsage(
        Ran.wordmill("count", "--input", "x", "--order", 2, "--output", "y", "--format", "xml"),
        "parquet, tsv",
        "'xml'");
    assertUsage(
        Ran.wordmill("count", "--input", "x", "--order", 99, "--output", "y"), "order is 99");
    assertUsage(
        Ran.wordmill(
            "count", "--input", "x", "--order", 2, "--output", "y", "--malformed", "ignore"),
        "replace, strict, drop-line");
  }

  @Test
  void anUnknownSmoothingNamesThoseThatExist() {
    Ran ran =
        Ran.wordmill(
            "estimate", "--input", "x", "--order", 3, "--arpa", "y", "--smoothing", "katz");
    assertUsage(ran, "'katz'", "kneser-ney, witten-bell");
  }

  @Test
  void settingsThatDoNotExistNameTheNearestOneAndTheirPlace() throws IOException {
    Path config =
        Files.writeString(
            folder.resolve("my.conf"), "include \"gpt-tiny.conf\"\nschedule.stesp = 5\n");
    assertUsage(
        Ran.wordmill("train", "--config", config, "--input", "x", "--output", folder.resolve("o")),
        "'schedule.stesp'",
        "my.conf:2",
        "did you mean steps?");
    assertUsage(
        Ran.wordmill("train", "--config", "gpt-tinny", "--input", "x", "--output", "o"),
        "did you mean gpt-tiny?");
    assertUsage(Ran.wordmill("train", "--input", "x", "--output", "o"), "--config", "presets");
    assertThat(folder.resolve("o")).doesNotExist();
  }

  @Test
  void aDieThatCannotBeRolledIsRefused() throws IOException {
    assertUsage(Ran.wordmill("generate", "--model", "m", "--temperature", "-1"), "--temperature");
    assertUsage(Ran.wordmill("generate", "--model", "m", "--max-tokens", "0"), "--max-tokens");
  }

  @Test
  void everyCommandHasHelpWithAnExample() {
    String all = Ran.wordmill("--help").out();
    for (String command :
        new String[] {
          "quickstart",
          "count",
          "estimate",
          "pack",
          "prepare",
          "train",
          "score",
          "generate",
          "compare",
          "serve",
          "grad-check",
          "inspect",
          "tokenizer"
        }) {
      assertThat(all).contains(command);
      Ran help = Ran.wordmill(command, "--help");
      assertThat(help.exitCode()).isZero();
      assertThat(help.out()).contains("--json").doesNotContain(",......");
      assertThat(help.out()).contains("wordmill " + command + " ").contains("Example");
      String[] parts = help.out().split("Examples?:\\R");
      assertThat(parts).hasSize(2);
      assertThat(parts[1].replaceAll(" \\\\\\R +", " ").strip().lines())
          .allMatch(line -> line.strip().startsWith("wordmill "));
    }
  }

  @Test
  void theVersionsAreTold() {
    assertThat(Ran.wordmill("--version").out()).contains("wordmill 0", "spark 4", "scala 2.13");
  }

  @Test
  void theFaultOfATaskIsFoundBehindWhatSparkThrows() {
    WordmillException fault =
        new WordmillException(ExitCode.BAD_INPUT, "the line is bad", "file:3", "repair it");
    SparkException stage = new SparkException("Job aborted due to stage failure", fault);
    assertThat(Faults.find(new IllegalStateException(new RuntimeException(stage)))).contains(fault);
  }

  @Test
  void faultsOfStorageHaveTheirCode() {
    assertThat(Faults.find(new java.nio.file.NoSuchFileException("/x")).orElseThrow().exitCode())
        .isEqualTo(ExitCode.STORAGE);
    assertThat(
            Faults.find(new RuntimeException(new IOException("No space left on device")), "out")
                .orElseThrow()
                .line())
        .isEqualTo("error[4]: the disk is full, out, free space there, or give another output");
    assertThat(Faults.find(new OutOfMemoryError("Java heap space")).orElseThrow().line())
        .contains("out of memory", "WORDMILL_DRIVER_MEMORY");
  }

  @Test
  void anApplicationThatSparkEndsIsNoBug() {
    assertThat(
            Faults.find(
                    new IllegalStateException(
                        "Cannot call methods on a stopped SparkContext.\nThis stopped one was"))
                .orElseThrow()
                .line())
        .startsWith("error[4]: Spark has ended the application")
        .doesNotContain("This stopped one was");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Job aborted due to stage failure: ShuffleMapStage 8 (mapPartitions at A.java:1) has failed"
            + " the maximum allowable number of times: 4. Most recent failure reason:",
        "Job aborted due to stage failure: Task 3 in stage 2.0 failed 4 times, most recent failure:"
            + " Lost task 3.3 in stage 2.0 (TID 9) (a executor 5): ExecutorLostFailure (executor 5"
      })
  void aJobWhoseExecutorsAreLostAgainAndAgainIsNoBug(String message) {
    SparkException stage = new SparkException(message + "\nmore of it");
    assertThat(Faults.find(new SparkException("Job aborted.", stage)).orElseThrow().line())
        .startsWith("error[4]: executors were lost faster than their work could be done again")
        .contains(message)
        .doesNotContain("more of it");
  }

  @Test
  void anythingElseIsABug() {
    assertThat(Faults.find(new IllegalStateException("impossible"))).isEmpty();
    RuntimeException circle = new RuntimeException("a");
    circle.addSuppressed(new RuntimeException(circle));
    assertThat(Faults.find(circle)).isEmpty();
  }
}
