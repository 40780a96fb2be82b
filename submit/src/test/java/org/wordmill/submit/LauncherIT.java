package org.wordmill.submit;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.List;
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
  void theMemoryOfACommandIsThatOfTheProcess() throws IOException {
    Path text = Files.writeString(folder.resolve("memory.txt"), "the mill turns\n");
    List<String> count =
        List.of(
            "count",
            "--memory=1200m",
            "--input",
            text.toString(),
            "--order",
            "2",
            "--output",
            folder.resolve("counted").toString());
    List<String> more = new ArrayList<>(List.of("--driver-memory", "3g", "--"));
    more.addAll(count);
    Product.Ended refused = Product.run(folder, Map.of(), more.toArray(String[]::new));
    assertThat(refused.exitCode()).isEqualTo(2);
    assertThat(refused.err()).contains("Java was started with a heap of up to 3.0 GiB");
    // The option of the command comes before the variable of the machine.
    Product.Ended ran =
        Product.run(folder, Map.of("WORDMILL_DRIVER_MEMORY", "3g"), count.toArray(String[]::new));
    assertThat(ran.exitCode()).as(ran.err()).isZero();
  }

  @Test
  void javaCompilesLessForNgramsAndAtOnceForTraining() throws IOException {
    Path table = Files.createFile(folder.resolve("model.table"));
    String fewer = "-XX:Tier4InvocationThreshold=50000";
    assertThat(javaOptions("count", "--help")).contains(fewer);
    assertThat(javaOptions("--name", "mine", "--", "estimate", "--help")).contains(fewer);
    assertThat(javaOptions("score", "--model=" + table, "--help")).contains(fewer);
    assertThat(javaOptions("score", "--model", folder.toString(), "--help")).doesNotContain(fewer);
    assertThat(javaOptions("train", "--help")).contains("-XX:").doesNotContain(fewer);
  }

  /** Those that Java says it was started with. */
  private String javaOptions(String... arguments) {
    Map<String, String> say = Map.of("SPARK_SUBMIT_OPTS", "-XX:+PrintCommandLineFlags");
    Product.Ended ran = Product.run(folder, say, arguments);
    assertThat(ran.exitCode()).as(ran.err()).isZero();
    return ran.out();
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
  void aBuildThatLeavesTheJarAsOldAsItWasIsDoneOnce() throws IOException {
    Path root = Files.createDirectories(folder.resolve("tree"));
    Path script = Files.createDirectories(root.resolve("submit/bin")).resolve("wordmill");
    Files.copy(Product.launcher(), script);
    Path jar = Files.createDirectories(root.resolve("submit/target")).resolve("wordmill.jar");
    Files.createFile(jar);
    Files.setLastModifiedTime(jar, FileTime.fromMillis(0));
    Files.createDirectories(root.resolve("submit/src/main"));
    Files.createFile(root.resolve("submit/pom.xml"));
    Files.createFile(root.resolve("pom.xml"));
    Path builds = folder.resolve("builds.txt");
    Path maven = folder.resolve("mvn");
    // A build without end would find the third try refused.
    Files.writeString(
        maven,
        """
        #!/bin/sh
        echo built >> %1$s
        [ "$(wc -l < %1$s)" -lt 3 ]
        """
            .formatted(builds));
    assertThat(maven.toFile().setExecutable(true)).isTrue();

    Product.Ended ran =
        Product.start(
                folder,
                List.of("env", "-u", "WORDMILL_JAR", "bash"),
                script,
                Map.of("PATH", folder + ":" + System.getenv("PATH")),
                List.of("--version"))
            .await(60);
    assertThat(ran.err()).contains("the sources are newer than the jar");
    assertThat(builds).content().isEqualTo("built\n");
    assertThat(Files.getLastModifiedTime(jar).toMillis()).isPositive();
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
