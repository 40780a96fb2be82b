package org.wordmill.counter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import org.apache.spark.api.java.JavaSparkContext;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.wordmill.error.ExitCode;
import org.wordmill.error.WordmillException;
import org.wordmill.format.arpa.ArpaReader;
import org.wordmill.ngram.BackoffModel;

/** The ARPA file as a file: its bytes, its name, and what is left when something fails. */
@ExtendWith(LocalSpark.class)
final class ArpaOutputTest {
  private static final List<String> LINES = SampleText.lines();
  private static final double[] MISSING = {Double.NaN, Double.NaN};

  @TempDir private Path directory;
  private final JavaSparkContext spark;

  ArpaOutputTest(JavaSparkContext spark) {
    this.spark = spark;
  }

  @BeforeEach
  void writeText() {
    SampleText.write(directory.resolve("text.txt"), LINES);
  }

  @Test
  void sortedLinesAreTheSameBytesForAnyNumberOfPartitionsAndSplits() throws IOException {
    List<String> expected = sortedLines(estimate("one.arpa", 1, 0));
    assertThat(sortedLines(estimate("three.arpa", 3, 10_000))).isEqualTo(expected);
    assertThat(sortedLines(estimate("sixteen.arpa", 16, 3_000))).isEqualTo(expected);
  }

  @Test
  void arpaReaderTakesTheFileWithoutAWarning() throws IOException {
    Path arpa = estimate("model.arpa", 2, 0);
    List<String> warnings = new ArrayList<>();
    try (InputStream in = Files.newInputStream(arpa)) {
      BackoffModel model = ArpaReader.read(in, "model.arpa", warnings::add);
      assertThat(model.order()).isEqualTo(3);
    }
    assertThat(warnings).isEmpty();
  }

  @Test
  void compressedFileHoldsTheSameText() throws IOException {
    Path plain = estimate("plain.arpa", 2, 0);
    Path compressed = estimate("packed.arpa.gz", 2, 0);
    try (InputStream in = new GZIPInputStream(Files.newInputStream(compressed))) {
      assertThat(in.readAllBytes()).isEqualTo(Files.readAllBytes(plain));
    }
  }

  @Test
  void existingFileIsKeptUnlessItMayBeReplaced() throws IOException {
    Path arpa = SampleText.write(directory.resolve("model.arpa"), "old");
    assertThatThrownBy(() -> estimate("model.arpa", 2, 0))
        .isInstanceOfSatisfying(
            WordmillException.class, e -> assertThat(e.exitCode()).isEqualTo(ExitCode.STORAGE))
        .hasMessageContaining("exists")
        .hasMessageContaining("model.arpa");
    assertThat(arpa).hasContent("old");

    new NGramEstimator(spark)
        .estimate(
            TextInput.of(directory.resolve("text.txt").toString()),
            EstimateOptions.ofOrder(2),
            new ArpaTarget(arpa.toString(), true));
    assertThat(arpa).content().startsWith("\\data\\\nngram 1=").endsWith("\n\n\\end\\\n");
  }

  @Test
  void failedEstimateLeavesNothingBehind() throws IOException {
    SampleText.write(directory.resolve("text.txt"), List.of("too small a text"));
    assertThatThrownBy(() -> estimate("model.arpa", 2, 0))
        .isInstanceOfSatisfying(
            WordmillException.class, e -> assertThat(e.exitCode()).isEqualTo(ExitCode.BAD_INPUT))
        .hasMessageContaining("--discount-fallback");
    assertOnly("text.txt");
  }

  @Test
  void missingDirectoryOfTheTargetIsAStorageFault() {
    assertThatThrownBy(() -> estimate("nowhere/model.arpa", 2, 0))
        .isInstanceOfSatisfying(
            WordmillException.class, e -> assertThat(e.exitCode()).isEqualTo(ExitCode.STORAGE))
        .hasMessageContaining("nowhere/model.arpa");
  }

  @Test
  void tasksThatFailOnceAreRepeatedWithTheSameResult() throws IOException {
    List<String> expected = sortedLines(estimate("steady.arpa", 3, 0));
    spark.hadoopConfiguration().set("fs.flaky.impl", FlakyFileSystem.class.getName());
    FlakyFileSystem.OPENS_TO_FAIL.set(2);
    FlakyFileSystem.PARTS_TO_FAIL.set(2);
    String base = "flaky:" + directory;
    new NGramEstimator(spark)
        .estimate(
            TextInput.of(base + "/text.txt").withSplitBytes(20_000),
            EstimateOptions.ofOrder(3).withPartitions(3),
            new ArpaTarget(base + "/flaky.arpa", false));

    assertThat(FlakyFileSystem.OPENS_TO_FAIL).hasValue(0);
    assertThat(FlakyFileSystem.PARTS_TO_FAIL).hasValue(0);
    assertThat(sortedLines(directory.resolve("flaky.arpa"))).isEqualTo(expected);
    assertOnly("flaky.arpa", "steady.arpa", "text.txt");
  }

  @Test
  void taskThatAlwaysFailsGivesItsFaultAndLeavesNothingBehind() throws IOException {
    spark.hadoopConfiguration().set("fs.flaky.impl", FlakyFileSystem.class.getName());
    FlakyFileSystem.OPENS_TO_FAIL.set(1000);
    try {
      String base = "flaky:" + directory;
      assertThatThrownBy(
              () ->
                  new NGramEstimator(spark)
                      .estimate(
                          TextInput.of(base + "/text.txt"),
                          EstimateOptions.ofOrder(3),
                          new ArpaTarget(base + "/flaky.arpa", false)))
          .isInstanceOfSatisfying(
              WordmillException.class, e -> assertThat(e.exitCode()).isEqualTo(ExitCode.STORAGE))
          .hasMessageContaining("fails on purpose")
          .hasMessageContaining("text.txt");
    } finally {
      FlakyFileSystem.OPENS_TO_FAIL.set(0);
    }
    assertOnly("text.txt");
  }

  @Test
  void maximumLikelihoodIsTheRatioOfCounts() throws IOException {
    Path arpa = directory.resolve("mle.arpa");
    new NGramEstimator(spark)
        .estimate(
            TextInput.of(directory.resolve("text.txt").toString()),
            EstimateOptions.ofOrder(3).withSmoothing(Smoothing.MAXIMUM_LIKELIHOOD),
            new ArpaTarget(arpa.toString(), false));

    Map<String, Long> counts = ReferenceCounts.count(LINES, 3);
    Map<String, double[]> entries = NGramEstimatorTest.entries(arpa);
    double events =
        counts.entrySet().stream()
            .filter(e -> !e.getKey().contains(" ") && !e.getKey().equals("<s>"))
            .mapToLong(Map.Entry::getValue)
            .sum();
    counts.forEach(
        (ngram, count) -> {
          double[] entry = entries.getOrDefault(ngram, MISSING);
          int space = ngram.lastIndexOf(' ');
          double context = space < 0 ? events : counts.getOrDefault(ngram.substring(0, space), 0L);
          double expected = ngram.equals("<s>") ? 0 : Math.log10(count / context);
          assertThat(entry[0]).as(ngram).isCloseTo(expected, within(1e-6));
          if (ngram.split(" ").length < 3) {
            assertThat(entry[1]).as(ngram).isEqualTo(ngram.endsWith("</s>") ? 0 : -99);
          }
        });
    assertThat(entries).hasSize(counts.size() + 1);
    assertThat(entries.getOrDefault("<unk>", MISSING)[0]).isEqualTo(-99);
  }

  private Path estimate(String name, int partitions, long splitBytes) {
    Path arpa = directory.resolve(name);
    new NGramEstimator(spark)
        .estimate(
            TextInput.of(directory.resolve("text.txt").toString()).withSplitBytes(splitBytes),
            EstimateOptions.ofOrder(3).withPartitions(partitions),
            new ArpaTarget(arpa.toString(), false));
    return arpa;
  }

  private void assertOnly(String... names) throws IOException {
    try (Stream<Path> files = Files.list(directory)) {
      assertThat(files.map(file -> file.getFileName().toString())).containsExactlyInAnyOrder(names);
    }
  }

  private static List<String> sortedLines(Path file) throws IOException {
    return Files.readAllLines(file, StandardCharsets.UTF_8).stream().sorted().toList();
  }
}
