package org.wordmill.counter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.wordmill.counter.CountOptions.Format;
import org.wordmill.error.ExitCode;
import org.wordmill.error.WordmillException;
import org.wordmill.text.TextPolicy;

/** Counting on Spark against a map of strings. */
@ExtendWith(LocalSpark.class)
final class NGramCounterTest {
  @TempDir private Path directory;
  private final JavaSparkContext spark;

  NGramCounterTest(JavaSparkContext spark) {
    this.spark = spark;
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 5, 8})
  void countsEqualThoseOfAMapOfStrings(int order) {
    Path text = SampleText.write(directory.resolve("text.txt"), SampleText.lines());
    CountReport report =
        count(text, CountOptions.ofOrder(order).withFormat(Format.TSV).withPartitions(3));

    Map<String, Long> expected = ReferenceCounts.count(SampleText.lines(), order);
    assertThat(readTsv("counts")).isEqualTo(expected);
    assertThat(report.ngrams().stream().mapToLong(n -> n).sum()).isEqualTo(expected.size());
    assertThat(report.sentences()).isEqualTo(SampleText.lines().size());
    assertThat(directory.resolve("counts/_SUCCESS")).exists();
  }

  @Test
  void parquetReadsAsATableThatIsPartitionedByOrder() {
    List<String> lines = SampleText.lines().subList(0, 200);
    Path text = SampleText.write(directory.resolve("text.txt"), lines);
    count(text, CountOptions.ofOrder(3).withPartitions(2));

    SparkSession session = SparkSession.builder().sparkContext(spark.sc()).getOrCreate();
    Map<String, Long> read = new TreeMap<>();
    List<Row> rows =
        session
            .read()
            .schema("ngram array<string>, count bigint, order int")
            .parquet(directory.resolve("counts").toString())
            .selectExpr("order", "concat_ws(' ', ngram) AS words", "size(ngram) AS size", "count")
            .collectAsList();
    for (Row row : rows) {
      assertThat(row.getInt(0)).isEqualTo(row.getInt(2));
      read.put(row.getString(1), row.getLong(3));
    }
    assertThat(read).isEqualTo(ReferenceCounts.count(lines, 3));
  }

  @Test
  void linesAreSortedThroughAllPartsAndTheSameForAnyNumberOfThem() throws IOException {
    Path text = SampleText.write(directory.resolve("text.txt"), SampleText.lines());
    CountOptions options = CountOptions.ofOrder(3).withFormat(Format.TSV);
    for (int parts : new int[] {1, 2, 7}) {
      count(text, options.withPartitions(parts), "counts" + parts);
    }
    for (String order : List.of("order=1", "order=2", "order=3")) {
      List<String> lines = lines("counts7", order);
      assertThat(lines.stream().map(line -> line.split("\t")[0].replace(' ', '\1')).toList())
          .hasSizeGreaterThan(200)
          .isSorted();
      assertThat(lines).isEqualTo(lines("counts1", order)).isEqualTo(lines("counts2", order));
      try (Stream<Path> parts = Files.list(directory.resolve("counts7").resolve(order))) {
        assertThat(parts.filter(part -> part.toString().endsWith(".tsv"))).hasSizeGreaterThan(3);
      }
    }
    assertThat(readTsv("counts7")).isEqualTo(ReferenceCounts.count(SampleText.lines(), 3));
  }

  /** The lines of an order, file after file by their names. */
  private List<String> lines(String output, String order) throws IOException {
    List<String> lines = new ArrayList<>();
    try (Stream<Path> parts = Files.list(directory.resolve(output).resolve(order))) {
      for (Path part : parts.filter(p -> p.toString().endsWith(".tsv")).sorted().toList()) {
        lines.addAll(Files.readAllLines(part));
      }
    }
    return lines;
  }

  @Test
  void countsOfTwoTextsAreTheSumOfTheirCounts() {
    List<String> lines = SampleText.lines();
    Path first = SampleText.write(directory.resolve("in/a.txt"), lines.subList(0, 500));
    Path second = SampleText.write(directory.resolve("in/b.txt"), lines.subList(500, 900));
    CountOptions options = CountOptions.ofOrder(4).withFormat(Format.TSV);
    count(first, options, "first");
    count(second, options, "second");
    count(directory.resolve("in"), options, "both");

    Map<String, Long> sum = new HashMap<>(readTsv("first"));
    readTsv("second").forEach((ngram, count) -> sum.merge(ngram, count, Long::sum));
    assertThat(readTsv("both")).isEqualTo(sum);
  }

  @Test
  void rareNgramsAreLeftOutBelowTheMinimumCount() {
    Path text = SampleText.write(directory.resolve("text.txt"), SampleText.lines());
    count(text, CountOptions.ofOrder(3).withFormat(Format.TSV).withMinCount(4));

    Map<String, Long> expected = ReferenceCounts.count(SampleText.lines(), 3);
    expected.values().removeIf(count -> count < 4);
    assertThat(readTsv("counts")).isEqualTo(expected);
  }

  @Test
  void everyOrderMayHaveAMinimumCountOfItsOwn() {
    Path text = SampleText.write(directory.resolve("text.txt"), SampleText.lines());
    CountOptions options = CountOptions.ofOrder(4).withMinCounts(List.of(5L, 1L, 3L));
    count(text, options.withFormat(Format.TSV));

    Map<String, Long> expected = ReferenceCounts.count(SampleText.lines(), 4);
    expected
        .entrySet()
        .removeIf(
            entry ->
                entry.getValue()
                    < switch (entry.getKey().split(" ").length) {
                      case 1 -> 5;
                      case 2 -> 1;
                      default -> 3;
                    });
    assertThat(readTsv("counts")).isEqualTo(expected);
    assertThatThrownBy(() -> options.withMinCounts(List.of(1L, 1L, 1L, 1L, 2L)))
        .hasMessageContaining("5 minimum counts");
    assertThatThrownBy(() -> options.withMinCounts(List.of(1L, 0L)))
        .hasMessageContaining("the minimum count is 0");
  }

  @Test
  void onlyWordsOfTheVocabularyFileKeepTheirNames() {
    Path text = SampleText.write(directory.resolve("text.txt"), List.of("a b c", "c <unk> a d"));
    Path words =
        SampleText.write(directory.resolve("words.txt"), "\uFEFFc\r\n\n  a\t\nunseen\n<s>\n");
    TextInput input =
        TextInput.of(text.toString())
            .withPolicy(TextPolicy.DEFAULT.withReserved(TextPolicy.Reserved.UNKNOWN))
            .withVocabularyFile(words.toString());
    CountReport report =
        new NGramCounter(spark)
            .count(
                input,
                CountOptions.ofOrder(2).withFormat(Format.TSV),
                new CountTarget(directory.resolve("counts").toString(), false));
    // The reference takes its words as they are.
    Map<String, Long> expected =
        ReferenceCounts.count(List.of("a UNK c", "c UNK a UNK"), 2).entrySet().stream()
            .collect(
                Collectors.toMap(
                    entry -> entry.getKey().replace("UNK", "<unk>"), Map.Entry::getValue));
    assertThat(readTsv("counts")).isEqualTo(expected);
    assertThat(report.vocabulary()).isEqualTo(2);
    assertThat(report.unknownTokens()).isEqualTo(3);

    SampleText.write(words, "a\nb 12\n");
    assertThatThrownBy(
            () ->
                new NGramCounter(spark)
                    .count(
                        input,
                        CountOptions.ofOrder(2),
                        new CountTarget(directory.resolve("other").toString(), false)))
        .isInstanceOfSatisfying(
            WordmillException.class, e -> assertThat(e.exitCode()).isEqualTo(ExitCode.BAD_INPUT))
        .hasMessageContaining("words.txt:2");
  }

  @Test
  void linesAreCompressedOnDemandAndCountInputReadsThem() throws IOException {
    Path text = SampleText.write(directory.resolve("text.txt"), SampleText.lines());
    CountOptions options = CountOptions.ofOrder(2).withFormat(Format.TSV).withPartitions(1);
    count(text, options, "plain");
    CountReport report = count(text, options.withCompressed(true), "compressed");
    assertThat(report.tasks()).containsKey("read");

    try (InputStream in =
        new GZIPInputStream(
            Files.newInputStream(directory.resolve("compressed/order=2/part-00000.tsv.gz")))) {
      assertThat(in.readAllBytes())
          .isEqualTo(Files.readAllBytes(directory.resolve("plain/order=2/part-00000.tsv")));
    }
    new NGramCounter(spark)
        .count(
            CountInput.of(directory.resolve("compressed").toString()),
            options,
            new CountTarget(directory.resolve("again").toString(), false));
    assertThat(readTsv("again")).isEqualTo(readTsv("plain"));
    assertThatThrownBy(() -> options.withCompressed(true).withFormat(Format.PARQUET))
        .hasMessageContaining("only TSV");
  }

  @Test
  void existingOutputIsKeptUnlessItMayBeReplaced() {
    Path text = SampleText.write(directory.resolve("text.txt"), List.of("a b"));
    Path old = SampleText.write(directory.resolve("counts/old"), List.of("x"));
    CountOptions options = CountOptions.ofOrder(2).withFormat(Format.TSV);

    assertThatThrownBy(() -> count(text, options))
        .isInstanceOfSatisfying(
            WordmillException.class, e -> assertThat(e.exitCode()).isEqualTo(ExitCode.STORAGE))
        .hasMessageContaining("exists")
        .hasMessageContaining("counts");
    assertThat(old).exists();

    new NGramCounter(spark)
        .count(
            TextInput.of(text.toString()),
            options,
            new CountTarget(directory.resolve("counts").toString(), true));
    assertThat(old).doesNotExist();
    assertThat(readTsv("counts")).isEqualTo(ReferenceCounts.count(List.of("a b"), 2));
  }

  @Test
  void failedCountLeavesNothingBehind() throws IOException {
    Path text = SampleText.write(directory.resolve("in/text.txt"), List.of("a <s> b"));
    assertThatThrownBy(() -> count(text, CountOptions.ofOrder(2)))
        .isInstanceOf(WordmillException.class);
    try (Stream<Path> files = Files.list(directory)) {
      assertThat(files).containsExactly(directory.resolve("in"));
    }
  }

  private CountReport count(Path input, CountOptions options) {
    return count(input, options, "counts");
  }

  private CountReport count(Path input, CountOptions options, String output) {
    return new NGramCounter(spark)
        .count(
            TextInput.of(input.toString()).withSplitBytes(10_000),
            options,
            new CountTarget(directory.resolve(output).toString(), false));
  }

  private Map<String, Long> readTsv(String output) {
    return readTsv(directory.resolve(output));
  }

  /** All n-grams of a TSV output; fails when one stands there twice. */
  static Map<String, Long> readTsv(Path output) {
    Map<String, Long> counts = new TreeMap<>();
    try (Stream<Path> files = Files.walk(output)) {
      for (Path file : files.filter(f -> f.toString().endsWith(".tsv")).toList()) {
        for (String line : Files.readAllLines(file, StandardCharsets.UTF_8)) {
          int tab = line.lastIndexOf('\t');
          String ngram = line.substring(0, tab);
          assertThat(counts.put(ngram, Long.parseLong(line.substring(tab + 1))))
              .as("a second count of '%s'", ngram)
              .isNull();
          assertThat(file.toString()).contains("/order=" + ngram.split(" ").length + "/");
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return counts;
  }
}
