package org.wordmill.counter;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.apache.spark.api.java.JavaSparkContext;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.wordmill.counter.CountOptions.Format;
import org.wordmill.ngram.Discounts;
import org.wordmill.ngram.KneserNeyOptions;

/** Whichever tasks fail once, in every stage, the output has the bytes of an undisturbed run. */
@ExtendWith(LocalSpark.class)
final class FaultInjectionTest {
  private static final int PARTITIONS = 3;

  @TempDir private Path directory;
  private final JavaSparkContext spark;

  FaultInjectionTest(JavaSparkContext spark) {
    this.spark = spark;
  }

  @BeforeEach
  void writeText() {
    spark.hadoopConfiguration().set("fs.flaky.impl", FlakyFileSystem.class.getName());
    List<String> lines = SampleText.lines();
    SampleText.write(directory.resolve("in/a.txt"), lines.subList(0, 200));
    SampleText.write(directory.resolve("in/b.txt"), lines.subList(200, 500));
  }

  private TextInput input() {
    return TextInput.of(directory.resolve("in").toString()).withSplitBytes(5_000);
  }

  private String place(String name) {
    return "flaky:" + directory.resolve(name);
  }

  @ParameterizedTest
  @EnumSource(Format.class)
  void countsAreTheSameBytes(Format format) {
    count("steady", format);
    int partition = format.ordinal() % PARTITIONS;
    Set<Integer> stages = FailingTasks.failing(partition, () -> count("disturbed", format));
    // Words, their sums, summaries, n-grams and what is written of them.
    assertThat(stages).hasSizeGreaterThan(3);
    assertThat(bytes("disturbed")).isEqualTo(bytes("steady"));
  }

  private void count(String output, Format format) {
    new NGramCounter(spark)
        .count(
            input(),
            CountOptions.ofOrder(3).withFormat(format).withPartitions(PARTITIONS),
            new CountTarget(place(output), false));
  }

  @Test
  void theModelIsTheSameBytes() {
    estimate("steady");
    for (int partition = 0; partition < PARTITIONS; partition++) {
      String disturbed = "disturbed" + partition;
      Set<Integer> stages = FailingTasks.failing(partition, () -> estimate(disturbed));
      assertThat(stages).hasSizeGreaterThan(3);
      assertThat(bytes(disturbed)).isEqualTo(bytes("steady"));
    }
  }

  private void estimate(String output) {
    assertThat(directory.resolve(output).toFile().mkdir()).isTrue();
    new NGramEstimator(spark)
        .estimate(
            input(),
            EstimateOptions.ofOrder(3)
                .withModel(KneserNeyOptions.ofOrder(3).withFallbackDiscounts(Discounts.FALLBACK))
                .withPartitions(PARTITIONS),
            new ArpaTarget(place(output) + "/model.arpa", false),
            new ParquetTarget(place(output) + "/model.parquet", false));
  }

  /** The bytes of all files by their names. */
  private Map<String, String> bytes(String output) {
    Map<String, String> bytes = new TreeMap<>();
    Path base = directory.resolve(output);
    try (Stream<Path> files = Files.walk(base)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        bytes.put(
            base.relativize(file).toString(), HexFormat.of().formatHex(Files.readAllBytes(file)));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    assertThat(bytes).isNotEmpty();
    return bytes;
  }
}
