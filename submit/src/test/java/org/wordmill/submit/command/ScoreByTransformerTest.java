package org.wordmill.submit.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.wordmill.submit.command.Ran.wordmill;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.functions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.wordmill.checkpoint.TrainedModel;
import org.wordmill.kernel.KernelChoice;
import org.wordmill.lm.Perplexity;
import org.wordmill.lm.StreamScorer;
import org.wordmill.trainer.DataParallelTrainer;

/** {@code score --output} by a model that scores many rows at once. */
class ScoreByTransformerTest {
  @TempDir private static Path folder;
  private static Path run;
  private static TrainedModel trained;

  @BeforeAll
  static void trainAModel() throws IOException {
    Path text = Files.writeString(folder.resolve("train.txt"), "abba\nbaab\ncab\n".repeat(60));
    run = folder.resolve("run");
    List<Object> training =
        new ArrayList<>(List.of("train", "--config", "gpt-tiny", "--input", text, "--output", run));
    for (String setting :
        List.of(
            "tokenizer=characters",
            "model.context_length=16",
            "schedule.steps=5",
            "schedule.evaluation_interval=0")) {
      training.addAll(List.of("--set", setting));
    }
    Ran ran = wordmill(training.toArray());
    assertThat(ran.exitCode()).as(ran.err()).isZero();
    trained =
        DataParallelTrainer.open(
            run.toString(), new Configuration(), KernelChoice.AUTO, notice -> {});
  }

  private static Perplexity alone(String text) {
    return StreamScorer.score(
        trained.model(), trained.tokenizer().encode(text), text.codePointCount(0, text.length()));
  }

  /** Of all lengths up to three times the context, and some that are empty. */
  private static List<String> lines(int count) {
    List<String> lines = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      SplittableRandom random = new SplittableRandom(i);
      StringBuilder line = new StringBuilder();
      for (int length = i % 48; length > 0; length--) {
        line.append((char) ('a' + random.nextInt(3)));
      }
      lines.add(line.toString());
    }
    return lines;
  }

  @Test
  void everyRowHasThePerplexityOfItsTextAlone() throws IOException {
    List<String> lines = lines(200);
    Path text = Files.writeString(folder.resolve("rows.txt"), String.join("\n", lines) + "\n");
    Path output = folder.resolve("scored");
    Ran ran = wordmill("score", "--model", run, "--input", text, "--output", output, "--json");
    assertThat(ran.exitCode()).as(ran.err()).isZero();
    assertThat(ran.json().get("rows").asInt()).isEqualTo(200);
    try (SparkSession spark = SparkSession.builder().getOrCreate()) {
      List<Row> rows = spark.read().parquet(output.toString()).collectAsList();
      assertThat(rows).extracting(row -> row.getString(0)).containsExactlyElementsOf(lines);
      for (Row row : rows) {
        Perplexity alone = alone(row.getString(0));
        if (alone.tokens() == 0) {
          assertThat(row.isNullAt(1)).isTrue();
        } else {
          assertThat(row.getDouble(1)).isCloseTo(alone.includingOov(), within(1e-4));
          assertThat(row.getLong(2)).isEqualTo(alone.tokens());
          assertThat(row.getLong(3)).isEqualTo(alone.oov());
        }
      }
    }
  }

  @Test
  void otherColumnsOfATableStayAsTheyWere() throws IOException {
    Path table = folder.resolve("table");
    Path output = folder.resolve("table-scored");
    try (SparkSession spark = SparkSession.builder().getOrCreate()) {
      spark
          .range(7)
          .select(
              functions.col("id"),
              functions.when(functions.col("id").notEqual(3), "abab").as("page"),
              functions.struct(functions.array(functions.col("id")).as("x")).as("nested"))
          .coalesce(1)
          .write()
          .parquet(table.toString());
    }
    Ran ran =
        wordmill(
            "score",
            "--model",
            run,
            "--input",
            table,
            "--format",
            "parquet",
            "--text-field",
            "page",
            "--output",
            output);
    assertThat(ran.exitCode()).as(ran.err()).isZero();
    try (SparkSession spark = SparkSession.builder().getOrCreate()) {
      List<Row> rows = spark.read().parquet(output.toString()).orderBy("id").collectAsList();
      assertThat(rows).hasSize(7);
      for (Row row : rows) {
        assertThat(row.getStruct(2).getList(0)).containsExactly((Object) row.getLong(0));
        assertThat(row.isNullAt(3)).isEqualTo(row.getLong(0) == 3);
      }
    }
  }

  @Test
  void theRowAtFaultIsNamedAmongThoseScoredWithIt() throws IOException {
    Path text = folder.resolve("broken.txt");
    Files.write(text, "abab\nba\u00ff\nab\n".getBytes(StandardCharsets.ISO_8859_1));
    Path output = folder.resolve("broken");
    Ran ran =
        wordmill(
            "score", "--model", run, "--input", text, "--malformed", "strict", "--output", output);
    assertThat(ran.exitCode()).as(ran.err()).isEqualTo(3);
    assertThat(ran.errors())
        .hasSize(1)
        .first()
        .asString()
        .contains("not valid UTF-8", "broken.txt", "in the row 'ba");
    assertThat(output).doesNotExist();
  }

  @Test
  void linesOfJsonAreScoredTogetherToo() throws IOException {
    Path text =
        Files.writeString(
            folder.resolve("rows.jsonl"),
            "{\"text\":\"abba\"}\nno JSON\n{\"text\":null}\n{\"text\":\"cab\",\"id\":1}\n");
    Path output = folder.resolve("json");
    Ran ran =
        wordmill(
            "score",
            "--model",
            run,
            "--input",
            text,
            "--format",
            "jsonl",
            "--malformed",
            "drop-line",
            "--output",
            output,
            "--json");
    assertThat(ran.exitCode()).as(ran.err()).isZero();
    assertThat(ran.json().get("rows").asInt()).isEqualTo(4);
    assertThat(ran.json().get("kept").asInt()).isEqualTo(3);
    assertThat(ran.json().get("malformed").asInt()).isEqualTo(1);
    assertThat(ran.json().get("tokens").asInt()).isEqualTo(7);
  }
}
