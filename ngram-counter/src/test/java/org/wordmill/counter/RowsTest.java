package org.wordmill.counter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.functions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.wordmill.error.ExitCode;
import org.wordmill.error.WordmillException;
import org.wordmill.text.TextPolicy;

/** Text in a Dataset gives what the same text gives in files. */
@ExtendWith(LocalSpark.class)
final class RowsTest {
  @TempDir private Path folder;
  private final SparkSession spark;

  RowsTest(JavaSparkContext context) {
    spark = SparkSession.builder().sparkContext(context.sc()).getOrCreate();
  }

  @Test
  void aModelOfRowsIsTheModelOfTheirLinesInAFile() throws IOException {
    List<String> lines = SampleText.lines();
    Path file = SampleText.write(folder.resolve("text.txt"), lines);
    Dataset<String> rows = spark.createDataset(lines, Encoders.STRING()).repartition(3);
    NGramEstimator estimator = new NGramEstimator(spark);
    estimator.estimate(file.toString(), 3, folder.resolve("file.arpa").toString());
    EstimateReport report = estimator.estimate(rows, 3, folder.resolve("rows.arpa").toString());
    assertThat(report.sentences()).isEqualTo(lines.size());
    assertThat(report.splits()).isEqualTo(3);
    assertThat(Files.readString(folder.resolve("rows.arpa")))
        .isEqualTo(Files.readString(folder.resolve("file.arpa")));
  }

  @Test
  void theLinesOfARowAreSentencesAndRowsWithoutTextAreNone() {
    Dataset<String> rows =
        spark.createDataset(Arrays.asList("a b\nc\n", null, "", "d"), Encoders.STRING());
    CountReport report =
        new NGramCounter(spark).count(rows, 2, folder.resolve("counts").toString());
    assertThat(report.sentences()).isEqualTo(4);
    assertThat(report.tokens()).isEqualTo(4);
  }

  @Test
  void theTextIsTheOneColumnOfStringsOfWhateverRows() {
    Dataset<Row> numbered =
        spark
            .createDataset(List.of("a b"), Encoders.STRING())
            .withColumn("id", functions.lit(7))
            .withColumnRenamed("value", "the.text");
    assertThat(
            new NGramCounter(spark)
                .count(numbered, 1, folder.resolve("counts").toString())
                .tokens())
        .isEqualTo(2);
    assertThatThrownBy(
            () ->
                new NGramCounter(spark)
                    .count(
                        numbered.withColumn("other", functions.lit("x")),
                        1,
                        folder.resolve("more").toString()))
        .isInstanceOf(WordmillException.class)
        .hasMessageContaining("2 columns of strings")
        .extracting(fault -> ((WordmillException) fault).exitCode())
        .isEqualTo(ExitCode.USAGE);
  }

  @Test
  void bytesThatAreNotUtf8MeetThePolicyAsTheyDoInFiles() {
    byte[] malformed = "a \u00e9 b".getBytes(StandardCharsets.ISO_8859_1);
    Dataset<Row> rows =
        spark
            .createDataset(List.of(malformed), Encoders.BINARY())
            .select(functions.col("value").cast("string"));
    CountTarget target = new CountTarget(folder.resolve("counts").toString(), false);
    assertThatThrownBy(
            () ->
                new NGramCounter(spark)
                    .count(
                        rows,
                        TextPolicy.DEFAULT.withMalformed(TextPolicy.Malformed.STRICT),
                        CountOptions.ofOrder(1),
                        target))
        .isInstanceOf(WordmillException.class)
        .hasMessageContaining("0xE9")
        .hasMessageContaining("a row of partition");
  }
}
