package org.wordmill.counter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.zip.GZIPInputStream;
import org.apache.spark.api.java.JavaSparkContext;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.wordmill.error.ExitCode;
import org.wordmill.error.WordmillException;
import org.wordmill.ngram.Discounts;
import org.wordmill.ngram.KneserNeyOptions;

/** Counts as input: what is made of them is what is made of the text, byte for byte. */
@ExtendWith(LocalSpark.class)
final class CountInputTest {
  private static final List<String> LINES = SampleText.lines();

  @TempDir private Path directory;
  private final JavaSparkContext spark;

  CountInputTest(JavaSparkContext spark) {
    this.spark = spark;
  }

  private Path text(String name, List<String> lines) {
    return SampleText.write(directory.resolve(name), lines);
  }

  private Path count(String name, List<String> lines, CountOptions options) {
    Path counts = directory.resolve(name);
    new NGramCounter(spark)
        .count(
            TextInput.of(text(name + ".txt", lines).toString()),
            options,
            new CountTarget(counts.toString(), false));
    return counts;
  }

  private String estimate(TextInput input, EstimateOptions options) throws IOException {
    Path arpa = directory.resolve("text.arpa");
    new NGramEstimator(spark).estimate(input, options, new ArpaTarget(arpa.toString(), true));
    return Files.readString(arpa);
  }

  private String estimate(CountInput input, EstimateOptions options) throws IOException {
    Path arpa = directory.resolve("counts.arpa");
    new NGramEstimator(spark).estimate(input, options, new ArpaTarget(arpa.toString(), true));
    return Files.readString(arpa);
  }

  private static EstimateOptions kneserNey(int order) {
    return EstimateOptions.ofOrder(order)
        .withModel(KneserNeyOptions.ofOrder(order).withFallbackDiscounts(Discounts.FALLBACK))
        .withPartitions(3);
  }

  @ParameterizedTest
  @EnumSource
  void theModelOfCountsIsThatOfTheTextByteForByte(CountOptions.Format format) throws IOException {
    Path counts = count("counts", LINES, CountOptions.ofOrder(4).withFormat(format));
    TextInput text = TextInput.of(directory.resolve("counts.txt").toString());
    // Counts of order 4 make models of lower orders too.
    for (int order : new int[] {1, 4}) {
      assertThat(estimate(CountInput.of(counts.toString()), kneserNey(order)))
          .as("order " + order)
          .isEqualTo(estimate(text, kneserNey(order)));
    }
    EstimateOptions wittenBell = kneserNey(3).withSmoothing(Smoothing.WITTEN_BELL);
    assertThat(estimate(CountInput.of(counts.toString()), wittenBell))
        .isEqualTo(estimate(text, wittenBell));
    EstimateOptions pruned =
        kneserNey(3).withModel(KneserNeyOptions.ofOrder(3).withPruning("0,0,1"));
    assertThat(estimate(CountInput.of(counts.toString()), pruned))
        .isEqualTo(estimate(text, pruned));
  }

  @Test
  void severalCountsMakeTheModelOfAllTexts() throws IOException {
    CountOptions options = CountOptions.ofOrder(3).withPartitions(2);
    Path first = count("first", LINES.subList(0, 500), options);
    Path second =
        count(
            "second",
            LINES.subList(500, 1000),
            options.withFormat(CountOptions.Format.TSV).withPartitions(5));
    Path third =
        count(
            "third",
            LINES.subList(1000, LINES.size()),
            options.withFormat(CountOptions.Format.WEB1T));
    String expected = estimate(TextInput.of(text("all.txt", LINES).toString()), kneserNey(3));
    assertThat(
            estimate(
                CountInput.of(first.toString(), second.toString(), third.toString()), kneserNey(3)))
        .isEqualTo(expected);
  }

  @Test
  void aLimitedVocabularyIsThatOfTheText() throws IOException {
    Path counts = count("counts", LINES, CountOptions.ofOrder(3));
    Path text = directory.resolve("counts.txt");
    String expected =
        estimate(TextInput.of(text.toString()).withVocabularyLimit(300), kneserNey(3));
    assertThat(estimate(CountInput.of(counts.toString()).withVocabularyLimit(300), kneserNey(3)))
        .isEqualTo(expected);
    Path limited = directory.resolve("limited");
    new NGramCounter(spark)
        .count(
            TextInput.of(text.toString()).withVocabularyLimit(300),
            CountOptions.ofOrder(3),
            new CountTarget(limited.toString(), false));
    assertThat(estimate(CountInput.of(limited.toString()), kneserNey(3))).isEqualTo(expected);
  }

  @Test
  void linesOfAllOrdersInOneFileAreCountsToo() throws IOException {
    List<String> lines = List.of("a b a", "", "a b", "b a c");
    StringBuilder counts = new StringBuilder();
    ReferenceCounts.count(lines, 3).forEach((gram, n) -> counts.append(gram + "\t" + n + "\n"));
    Path file = SampleText.write(directory.resolve("counts.tsv"), counts.toString());
    assertThat(estimate(CountInput.of(file.toString()), kneserNey(3)))
        .isEqualTo(estimate(TextInput.of(text("text.txt", lines).toString()), kneserNey(3)));
  }

  @ParameterizedTest
  @EnumSource
  void mergedCountsAreThoseOfAllTexts(CountOptions.Format format) throws IOException {
    CountOptions options = CountOptions.ofOrder(3).withPartitions(2);
    Path first = count("first", LINES.subList(0, 600), options.withFormat(format));
    Path second = count("second", LINES.subList(600, LINES.size()), options);
    Path expected = count("expected", LINES, options.withFormat(format));
    Path merged = directory.resolve("merged");
    CountReport report =
        new NGramCounter(spark)
            .count(
                CountInput.of(first.toString(), second.toString()),
                options.withFormat(format),
                new CountTarget(merged.toString(), false));
    assertThat(content(merged)).isEqualTo(content(expected));
    Map<String, Long> reference = ReferenceCounts.count(LINES, 3);
    assertThat(report.ngrams().stream().mapToLong(Long::longValue).sum())
        .isEqualTo(reference.size());
  }

  /**
   * Files by their path in the directory; those of Parquet by their size, since they name a time.
   */
  private static Map<String, String> content(Path counts) throws IOException {
    Map<String, String> content = new TreeMap<>();
    try (var files = Files.walk(counts)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        String name = counts.relativize(file).toString();
        if (!name.contains("_SUCCESS")) {
          content.put(
              name,
              name.endsWith("gz")
                  ? new String(
                      new GZIPInputStream(Files.newInputStream(file)).readAllBytes(),
                      java.nio.charset.StandardCharsets.UTF_8)
                  : Arrays.toString(Files.readAllBytes(file)));
        }
      }
    }
    return content;
  }

  @Test
  void web1TIsSortedThroughAllFilesAndHasAnIndex() throws IOException {
    Path counts =
        count(
            "web1t",
            LINES,
            CountOptions.ofOrder(3).withFormat(CountOptions.Format.WEB1T).withPartitions(5));
    Map<String, Long> reference = ReferenceCounts.count(LINES, 3);
    for (int n = 1; n <= 3; n++) {
      List<String> lines = new ArrayList<>();
      List<String> index = new ArrayList<>();
      for (int part = 0; part < (n == 1 ? 1 : 5); part++) {
        String name = n == 1 ? "vocab.gz" : String.format("%dgm-%04d.gz", n, part);
        Path file = counts.resolve(n + "gms").resolve(name);
        List<String> some = gunzip(file).lines().toList();
        index.add(name + "\t" + some.get(0).split("\t")[0]);
        lines.addAll(some);
      }
      Map<String, Long> found = new TreeMap<>();
      for (String line : lines) {
        String[] columns = line.split("\t");
        String words =
            (" " + columns[0] + " ").replace(" <S> ", " <s> ").replace(" </S> ", " </s> ").strip();
        found.put(words, Long.valueOf(columns[1]));
      }
      int order = n;
      Map<String, Long> expected = new TreeMap<>(reference);
      expected.keySet().removeIf(gram -> gram.split(" ").length != order);
      assertThat(found).isEqualTo(expected);
      assertThat(lines.stream().map(line -> line.split("\t")[0].replace(' ', '\1')).toList())
          .isSorted();
      if (n > 1) {
        assertThat(Files.readAllLines(counts.resolve(n + "gms/" + n + "gm.idx"))).isEqualTo(index);
      }
    }
    List<Long> byCount =
        gunzip(counts.resolve("1gms/vocab_cs.gz"))
            .lines()
            .map(line -> -Long.parseLong(line.split("\t")[1]))
            .toList();
    assertThat(byCount).isSorted();
    long words = LINES.stream().mapToLong(line -> line.split(" ").length).sum();
    assertThat(counts.resolve("1gms/total")).hasContent(String.valueOf(words));
  }

  private static String gunzip(Path file) throws IOException {
    try (GZIPInputStream in = new GZIPInputStream(Files.newInputStream(file))) {
      return new String(in.readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
    }
  }

  @Test
  void aTextWithTheCapitalsOfWeb1TIsRefused() {
    assertThatThrownBy(
            () ->
                count(
                    "web1t",
                    List.of("an <S> in the text"),
                    CountOptions.ofOrder(2).withFormat(CountOptions.Format.WEB1T)))
        .isInstanceOfSatisfying(
            WordmillException.class, e -> assertThat(e.exitCode()).isEqualTo(ExitCode.BAD_INPUT))
        .hasMessageContaining("<S>");
  }

  @Test
  void countsWithACutOffAreRefusedInOneLine() {
    Path cut = count("cut", LINES, CountOptions.ofOrder(3).withMinCount(2));
    assertThatThrownBy(() -> estimate(CountInput.of(cut.toString()), kneserNey(3)))
        .isInstanceOfSatisfying(
            WordmillException.class, e -> assertThat(e.exitCode()).isEqualTo(ExitCode.BAD_INPUT))
        .hasMessageContaining("not whole")
        .hasMessageContaining("--min-count");
  }

  @Test
  void countsOfALowerOrderAreRefusedInOneLine() {
    Path low = count("low", LINES, CountOptions.ofOrder(2));
    assertThatThrownBy(() -> estimate(CountInput.of(low.toString()), kneserNey(3)))
        .isInstanceOf(WordmillException.class)
        .hasMessageContaining("up to order 3");
  }

  @Test
  void whatIsNoDirectoryOfCountsIsRefused() throws IOException {
    Path empty = Files.createDirectory(directory.resolve("empty"));
    assertThatThrownBy(() -> estimate(CountInput.of(empty.toString()), kneserNey(2)))
        .isInstanceOf(WordmillException.class)
        .hasMessageContaining("neither order=1 nor 1gms");
    assertThatThrownBy(
            () -> estimate(CountInput.of(directory.resolve("no").toString()), kneserNey(2)))
        .isInstanceOfSatisfying(
            WordmillException.class, e -> assertThat(e.exitCode()).isEqualTo(ExitCode.STORAGE));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "a b\n",
        "a b\t1\n",
        "a\t\n",
        "a\tx\n",
        "a\t-1\n",
        "a\t1.5\n",
        "5\n",
        "a\t12345678901234567890\n",
        "\t5\n"
      })
  void malformedLinesAreToldWithTheirPlace(String line) {
    Path file = SampleText.write(directory.resolve("counts.tsv"), "ok\t1\n" + line);
    CountFile counts = new CountFile(file.toString(), line.equals("a b\t1\n") ? 1 : 0, false);
    assertThatThrownBy(
            () ->
                CountReader.read(
                    counts, new org.apache.hadoop.conf.Configuration(), (gram, count) -> {}))
        .isInstanceOfSatisfying(
            WordmillException.class, e -> assertThat(e.exitCode()).isEqualTo(ExitCode.CORRUPT))
        .hasMessageContaining("counts.tsv:2: found");
  }

  @Test
  void aParquetFileThatIsCutOffIsRefusedAtEveryLength() throws IOException {
    Path counts =
        count("counts", List.of("a b a", "b c"), CountOptions.ofOrder(2).withPartitions(1));
    Path file = counts.resolve("order=1/part-00000.snappy.parquet");
    byte[] whole = Files.readAllBytes(file);
    for (int length = 0; length < whole.length; length += Math.max(1, whole.length / 40)) {
      Files.write(file, Arrays.copyOf(whole, length));
      CountFile cut = new CountFile(file.toString(), 1, false);
      assertThatThrownBy(
              () ->
                  CountReader.read(
                      cut, new org.apache.hadoop.conf.Configuration(), (gram, count) -> {}))
          .as("cut to %d bytes", length)
          .isInstanceOf(WordmillException.class);
    }
  }

  @Test
  void aParquetFileWithFlippedBitsIsReadOrRefused() throws IOException {
    Path counts =
        count("counts", List.of("a b a", "b c"), CountOptions.ofOrder(2).withPartitions(1));
    Path file = counts.resolve("order=2/part-00000.snappy.parquet");
    byte[] whole = Files.readAllBytes(file);
    for (int at = 0; at < whole.length; at += 3) {
      byte[] flipped = whole.clone();
      flipped[at] ^= (byte) (1 << at % 8);
      Files.write(file, flipped);
      try {
        CountReader.read(
            new CountFile(file.toString(), 2, false),
            new org.apache.hadoop.conf.Configuration(),
            (gram, count) -> assertThat(gram.order()).isEqualTo(2));
      } catch (WordmillException e) {
        assertThat(e.exitCode()).isIn(ExitCode.CORRUPT, ExitCode.STORAGE);
      }
    }
  }
}
