package org.wordmill.submit;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The launcher script with the built jar, as people type it. */
class LauncherIT {
  @TempDir private Path folder;

  @Test
  void versionAndHelpWorkFromAnyFolder() {
    Product.Ended version = Product.run(folder, Map.of(), "--version");
    assertThat(version.exitCode()).as(version.err()).isZero();
    assertThat(version.out()).startsWith("wordmill ");
    assertThat(Product.run(folder, Map.of(), "count", "--help").out()).contains("--order");
  }

  @Test
  void stdoutHoldsTheResultAndNothingElse() throws IOException {
    Files.writeString(folder.resolve("my text.txt"), "a b a\na b\n");
    Product.Ended ran =
        Product.run(
            folder,
            Map.of(),
            "count",
            "--input",
            "my text.txt",
            "--order",
            "2",
            "--output",
            "my counts",
            "--json");
    assertThat(ran.exitCode()).as(ran.err()).isZero();
    assertThat(ran.out().lines()).hasSize(1);
    assertThat(ran.out()).startsWith("{").contains("\"ngrams\":[4,5]");
    assertThat(folder.resolve("my counts/_SUCCESS")).exists();
  }

  @Test
  void aFaultOfATaskIsOneLineWithItsExitCode() throws IOException {
    Files.writeString(folder.resolve("text.txt"), "a <s> b\n");
    Product.Ended ran =
        Product.run(
            folder, Map.of(), "count", "--input", "text.txt", "--order", "2", "--output", "counts");
    assertThat(ran.exitCode()).isEqualTo(3);
    assertThat(ran.errorLines()).hasSize(1);
    assertThat(ran.err()).doesNotContain("\tat ");
    assertThat(ran.out()).isEmpty();
    assertThat(
            Product.run(
                    folder, Map.of(), "count", "--input", "no.txt", "--order", "2", "--output", "c")
                .exitCode())
        .isEqualTo(4);
  }

  @Test
  void optionsOfSparkComeFirstAndEndWithTwoDashes() {
    Product.Ended ran =
        Product.run(folder, Map.of(), "--conf", "spark.ui.enabled=false", "--", "--version");
    assertThat(ran.exitCode()).as(ran.err()).isZero();
    Product.Ended without = Product.run(folder, Map.of(), "--conf", "spark.ui.enabled=false");
    assertThat(without.exitCode()).isEqualTo(2);
    assertThat(without.errorLines()).hasSize(1).first().asString().contains("must end with --");
  }

  @Test
  void aMissingJavaOrSparkIsSaidInOneLine() {
    Product.Ended java = Product.run(folder, Map.of("JAVA_HOME", folder.toString()), "--version");
    assertThat(java.exitCode()).isEqualTo(2);
    assertThat(java.errorLines()).hasSize(1).first().asString().contains("JAVA_HOME");
    Product.Ended spark = Product.run(folder, Map.of("SPARK_HOME", folder.toString()), "--version");
    assertThat(spark.exitCode()).isEqualTo(4);
    assertThat(spark.errorLines()).hasSize(1).first().asString().contains("SPARK_HOME");
  }

  @Test
  void quickstartWalksTheWholeRoad() throws IOException {
    String[] quickstart = {
      "quickstart",
      "--set",
      "schedule.steps=12",
      "--set",
      "schedule.evaluation_interval=6",
      "--set",
      "model.width=32",
      "--set",
      "model.layers=1"
    };
    Product.Ended ran = Product.run(folder, Map.of(), quickstart);
    assertThat(ran.exitCode()).as(ran.err()).isZero();
    assertThat(ran.out()).contains("Blind guessing", "5-gram model", "Transformer", "Report: ");
    assertThat(ran.err()).contains("[1/4]", "[4/4]", "step 12 of 12");
    Path made = folder.resolve("wordmill-quickstart");
    assertThat(made.resolve("report.html"))
        .content()
        .contains("<svg", "The most frequent n-grams", "steps=12")
        .doesNotContain("http://", "https://", "NaN");
    assertThat(made.resolve("5-gram.arpa")).exists();

    Product.Ended again = Product.run(folder, Map.of(), quickstart);
    assertThat(again.exitCode()).isEqualTo(4);
    assertThat(again.errorLines()).hasSize(1).first().asString().contains("--overwrite");
  }
}
