package org.wordmill.submit.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.wordmill.submit.command.Ran.wordmill;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SaveMode;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.wordmill.format.json.Json;

/** {@code score --output}: rows in, the same rows with their perplexities out. */
class ScoreCorpusTest {
  private static final List<String> LINES =
      List.of("a b a b", "b a", "", "zebra", "a b b a a b", "a a a a");

  @TempDir private static Path folder;
  private static Path model;
  private static Path text;

  @BeforeAll
  static void estimateAModel() throws IOException {
    text = Files.writeString(folder.resolve("text.txt"), String.join("\n", LINES) + "\n");
    Path train = Files.writeString(folder.resolve("train.txt"), "a b a b a\nb a b\na a b\nc\n");
    Path arpa = folder.resolve("model.arpa");
    model = folder.resolve("model.table");
    Ran estimated =
        wordmill("estimate", "--input", train, "--order", 2, "--discount-fallback", "--arpa", arpa);
    assertThat(estimated.exitCode()).as(estimated.err()).isZero();
    assertThat(wordmill("pack", "--arpa", arpa, "--model", model).exitCode()).isZero();
  }

  /** What scoring a line as a file of its own tells. */
  private static JsonNode alone(String line) {
    try {
      Path file = Files.writeString(folder.resolve("alone.txt"), line + "\n");
      return wordmill("score", "--model", model, "--input", file, "--json").json();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static List<String> linesOf(Path directory) throws IOException {
    List<String> lines = new ArrayList<>();
    try (Stream<Path> files = Files.walk(directory)) {
      for (Path file :
          files.filter(f -> f.getFileName().toString().startsWith("part-")).sorted().toList()) {
        lines.addAll(Files.readAllLines(file));
      }
    }
    return lines;
  }

  @Test
  void linesOfTextBecomeATableWhoseColumnsAreThoseOfEachLineAlone() throws IOException {
    Path output = folder.resolve("scored");
    Ran ran = wordmill("score", "--model", model, "--input", text, "--output", output, "--json");
    assertThat(ran.exitCode()).as(ran.err()).isZero();
    JsonNode whole = wordmill("score", "--model", model, "--input", text, "--json").json();
    assertThat(ran.json().get("rows").asInt()).isEqualTo(6);
    assertThat(ran.json().get("kept").asInt()).isEqualTo(6);
    assertThat(ran.json().get("tokens")).isEqualTo(whole.get("tokens"));
    assertThat(ran.json().get("oov").asInt()).isEqualTo(1);
    assertThat(ran.json().get("perplexity_including_oov").asDouble())
        .isCloseTo(whole.get("perplexity_including_oov").asDouble(), within(1e-9));
    try (SparkSession spark = SparkSession.builder().getOrCreate()) {
      Dataset<Row> table = spark.read().parquet(output.toString());
      assertThat(table.columns()).containsExactly("text", "perplexity", "tokens", "oov");
      List<Row> rows = table.collectAsList();
      assertThat(rows).extracting(row -> row.getString(0)).containsExactlyElementsOf(LINES);
      for (Row row : rows) {
        JsonNode alone = alone(row.getString(0));
        assertThat(row.getDouble(1))
            .isCloseTo(alone.get("perplexity_including_oov").asDouble(), within(1e-9));
        assertThat(row.getLong(2)).isEqualTo(alone.get("tokens").asLong());
        assertThat(row.getLong(3)).isEqualTo(alone.get("oov").asLong());
      }
    }
  }

  @Test
  void aTextIsCutIntoMorePartsThanCores() throws IOException {
    Path large = Files.writeString(folder.resolve("large.txt"), "a b a b b a\n".repeat(800_000));
    Path output = folder.resolve("parts");
    Ran ran = wordmill("score", "--model", model, "--input", large, "--output", output, "--json");
    assertThat(ran.exitCode()).as(ran.err()).isZero();
    assertThat(ran.json().get("rows").asInt()).isEqualTo(800_000);
    try (Stream<Path> files = Files.list(output)) {
      assertThat(files.filter(f -> f.getFileName().toString().startsWith("part-")))
          .as("parts of 9.6 MB, of 4 MiB each")
          .hasSize(3);
    }
  }

  @Test
  void anOutputThatCannotBeMadeIsAFaultOfStorageAtOnce() {
    Path place = text.resolve("scored");
    Ran ran = wordmill("score", "--model", model, "--input", text, "--output", place);
    assertThat(ran.exitCode()).as(ran.err()).isEqualTo(4);
    assertThat(ran.errors()).hasSize(1).first().asString().contains(text.toString());
  }

  @Test
  void keptLinesOfTextComeOutAsTheyWere() throws IOException {
    double bound = alone("a a a a").get("perplexity_including_oov").asDouble();
    List<String> expected =
        LINES.stream()
            .filter(line -> alone(line).get("perplexity_including_oov").asDouble() < bound)
            .toList();
    assertThat(expected).hasSizeBetween(1, 5);
    Path output = folder.resolve("kept");
    Ran ran =
        wordmill(
            "score",
            "--model",
            model,
            "--input",
            text,
            "--output",
            output,
            "--output-format",
            "text",
            "--keep-below",
            bound);
    assertThat(ran.exitCode()).as(ran.err()).isZero();
    assertThat(linesOf(output)).containsExactlyElementsOf(expected);
  }

  @Test
  void jsonStaysAsItWasButForTheFieldsAtItsEnd() throws IOException {
    Path input =
        Files.writeString(
            folder.resolve("pages.jsonl"),
            "{\"id\": 1.50, \"page\":\"a b\\na\", \"x\":{\"page\":[1]}}\r\n{\"page\":null}\n");
    Path output = folder.resolve("pages");
    Ran ran =
        wordmill(
            "score",
            "--model",
            model,
            "--input",
            input,
            "--format",
            "jsonl",
            "--text-field",
            "page",
            "--output",
            output);
    assertThat(ran.exitCode()).as(ran.err()).isZero();
    List<String> lines = linesOf(output);
    assertThat(lines.get(0))
        .startsWith("{\"id\": 1.50, \"page\":\"a b\\na\", \"x\":{\"page\":[1]},\"perplexity\":")
        .endsWith(",\"tokens\":5,\"oov\":0}");
    assertThat(Json.parse(lines.get(0), "line").get("perplexity").asDouble())
        .isCloseTo(alone("a b\na").get("perplexity_including_oov").asDouble(), within(1e-9));
    assertThat(lines.get(1))
        .isEqualTo("{\"page\":null,\"perplexity\":null,\"tokens\":null,\"oov\":null}");
  }

  @Test
  void columnsOfATableStayAndRowsGoToBucketsByTheirPerplexity() throws IOException {
    Path input = folder.resolve("table");
    Path output = folder.resolve("buckets");
    try (SparkSession spark = SparkSession.builder().getOrCreate()) {
      spark
          .read()
          .text(text.toString())
          .selectExpr("value AS page", "length(value) AS length")
          .write()
          .mode(SaveMode.Overwrite)
          .parquet(input.toString());
    }
    Ran ran =
        wordmill(
            "score",
            "--model",
            model,
            "--input",
            input,
            "--format",
            "parquet",
            "--text-field",
            "page",
            "--output",
            output,
            "--buckets",
            "33,67",
            "--json");
    assertThat(ran.exitCode()).as(ran.err()).isZero();
    Ran unknown =
        wordmill(
            "score",
            "--model",
            model,
            "--input",
            input,
            "--format",
            "parquet",
            "--output",
            output,
            "--overwrite");
    assertThat(unknown.exitCode()).isEqualTo(2);
    assertThat(unknown.errors()).first().asString().contains("no column 'text'");
    double low = ran.json().get("bucket_bounds").get(0).asDouble();
    double high = ran.json().get("bucket_bounds").get(1).asDouble();
    assertThat(low).isLessThan(high);
    try (SparkSession spark = SparkSession.builder().getOrCreate()) {
      Dataset<Row> table = spark.read().parquet(output.toString());
      assertThat(table.columns())
          .containsExactly("page", "length", "perplexity", "tokens", "oov", "bucket");
      assertThat(table.count()).isEqualTo(6);
      for (Row row : table.collectAsList()) {
        double perplexity = row.getAs("perplexity");
        assertThat(row.<Integer>getAs("bucket"))
            .isEqualTo(perplexity < low ? 1 : perplexity < high ? 2 : 3);
      }
    }
  }

  @Test
  void malformedRowsMeetThePolicy() throws IOException {
    Path input =
        Files.write(
            folder.resolve("latin.txt"),
            "a b\na \u00e9\nb\n".getBytes(StandardCharsets.ISO_8859_1));
    Path output = folder.resolve("latin");
    Ran strict =
        wordmill(
            "score",
            "--model",
            model,
            "--input",
            input,
            "--output",
            output,
            "--malformed",
            "strict");
    assertThat(strict.exitCode()).as(strict.err()).isEqualTo(3);
    assertThat(strict.errors()).hasSize(1).first().asString().contains("0xE9", "latin.txt", "'a ");
    assertThat(output).doesNotExist();
    Ran dropped =
        wordmill(
            "score",
            "--model",
            model,
            "--input",
            input,
            "--output",
            output,
            "--malformed",
            "drop-line",
            "--output-format",
            "text",
            "--json");
    assertThat(dropped.json().get("malformed").asInt()).isEqualTo(1);
    assertThat(linesOf(output)).containsExactly("a b", "b");

    Path broken =
        Files.writeString(folder.resolve("broken.jsonl"), "{\"text\":\"a\"}\n{\"text\"\n");
    Ran refused =
        wordmill(
            "score",
            "--model",
            model,
            "--input",
            broken,
            "--format",
            "jsonl",
            "--output",
            folder.resolve("broken"));
    assertThat(refused.exitCode()).isEqualTo(3);
    assertThat(refused.errors())
        .first()
        .asString()
        .contains("no JSON object", "broken.jsonl", "'{\"text\"'", "drop-line");
    Ran kept =
        wordmill(
            "score",
            "--model",
            model,
            "--input",
            broken,
            "--format",
            "jsonl",
            "--output",
            folder.resolve("broken"),
            "--malformed",
            "drop-line",
            "--json");
    assertThat(kept.json().get("kept").asInt()).isEqualTo(1);
  }

  @Test
  void faultsAreOneLineEach() {
    assertError(4, "the output exists", "--output", folder);
    assertError(6, "no Parquet table", "--output", folder.resolve("n"), "--format", "parquet");
    assertError(2, "percentiles", "--output", folder.resolve("n"), "--buckets", "67,33");
    assertError(
        2,
        "cannot be written as text",
        "--output",
        folder.resolve("n"),
        "--format",
        "jsonl",
        "--output-format",
        "text");
    assertError(2, "no place for the rows", "--keep-below", "300");
  }

  private static void assertError(int code, String part, Object... options) {
    List<Object> all = new ArrayList<>(List.of("score", "--model", model, "--input", text));
    all.addAll(List.of(options));
    Ran ran = wordmill(all.toArray());
    assertThat(ran.exitCode()).as(ran.err()).isEqualTo(code);
    assertThat(ran.errors()).hasSize(1).first().asString().contains(part);
  }
}
