package org.wordmill.counter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.wordmill.error.ExitCode;
import org.wordmill.error.WordmillException;

@ExtendWith(LocalSpark.class)
class ParquetModelTest {
  @TempDir private Path directory;
  private final JavaSparkContext spark;

  ParquetModelTest(JavaSparkContext spark) {
    this.spark = spark;
  }

  private EstimateReport estimate(int order, ModelTarget... targets) {
    Path text = SampleText.write(directory.resolve("text.txt"), SampleText.lines().subList(0, 300));
    return new NGramEstimator(spark)
        .estimate(
            TextInput.of(text.toString()),
            EstimateOptions.ofOrder(order).withSmoothing(Smoothing.WITTEN_BELL).withPartitions(3),
            targets);
  }

  private ParquetTarget parquet(boolean overwrite) {
    return new ParquetTarget(directory.resolve("model").toString(), overwrite);
  }

  private Dataset<Row> table() {
    return SparkSession.builder()
        .sparkContext(spark.sc())
        .getOrCreate()
        .read()
        .schema("ngram array<string>, logprob double, backoff double, order int")
        .parquet(directory.resolve("model").toString());
  }

  @Test
  void sparkReadsTheEntriesOfTheArpaFile() throws IOException {
    Path arpa = directory.resolve("model.arpa");
    EstimateReport report = estimate(3, new ArpaTarget(arpa.toString(), false), parquet(false));
    assertThat(report.parquet()).endsWith("model");

    Map<String, String> expected = new TreeMap<>();
    for (String line : Files.readAllLines(arpa)) {
      String[] columns = line.split("\t");
      if (columns.length > 1) {
        expected.put(
            columns[1],
            Double.parseDouble(columns[0])
                + " "
                + (columns.length == 2 ? null : Double.valueOf(columns[2])));
      }
    }
    assertThat(expected).hasSizeGreaterThan(1000);
    Map<String, String> found = new TreeMap<>();
    for (Row row :
        table()
            .selectExpr("concat_ws(' ', ngram)", "logprob", "backoff", "order", "size(ngram)")
            .collectAsList()) {
      assertThat(row.getInt(3)).isEqualTo(row.getInt(4));
      found.put(row.getString(0), row.get(1) + " " + row.get(2));
    }
    assertThat(found).isEqualTo(expected);
    assertThat(directory.resolve("model/_SUCCESS")).exists();
  }

  @Test
  void anExistingModelIsKeptUnlessItMayBeReplaced() throws IOException {
    Path old = SampleText.write(directory.resolve("model/old"), List.of("x"));
    assertThatThrownBy(() -> estimate(1, parquet(false)))
        .isInstanceOfSatisfying(
            WordmillException.class, e -> assertThat(e.exitCode()).isEqualTo(ExitCode.STORAGE))
        .hasMessageContaining("exists");
    assertThat(old).exists();
    EstimateReport report = estimate(1, parquet(true));
    assertThat(old).doesNotExist();
    assertThat(table().count()).isEqualTo(report.orders().get(0).entries());
    assertThat(table().filter("backoff IS NOT NULL").count()).isZero();
    try (Stream<Path> files = Files.list(directory)) {
      assertThat(files.map(file -> file.getFileName().toString()).collect(Collectors.toSet()))
          .containsExactlyInAnyOrder("text.txt", "model");
    }
  }

  @Test
  void aModelNeedsOnePlaceOfEachForm() {
    assertThatThrownBy(() -> estimate(1)).hasMessageContaining("0 places");
    assertThatThrownBy(() -> estimate(1, parquet(false), parquet(true)))
        .isInstanceOfSatisfying(
            WordmillException.class, e -> assertThat(e.exitCode()).isEqualTo(ExitCode.USAGE))
        .hasMessageContaining("2 places of 1 forms");
  }
}
