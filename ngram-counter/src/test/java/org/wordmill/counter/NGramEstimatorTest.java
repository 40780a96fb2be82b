package org.wordmill.counter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.spark.api.java.JavaSparkContext;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.wordmill.ngram.BackoffModel;
import org.wordmill.ngram.Discounts;
import org.wordmill.ngram.KneserNey;
import org.wordmill.ngram.KneserNeyOptions;
import org.wordmill.ngram.NgramCounter;
import org.wordmill.text.TextPolicy;

/** The estimator on Spark against the one in memory, which computes the formulas in doubles. */
@ExtendWith(LocalSpark.class)
final class NGramEstimatorTest {
  /** Half a unit in the last of the seven digits that a float has, at -10. */
  private static final double LAST_DIGIT = 2e-6;

  private static final double[] MISSING = {Double.NaN, Double.NaN};

  @TempDir private Path directory;
  private final JavaSparkContext spark;

  NGramEstimatorTest(JavaSparkContext spark) {
    this.spark = spark;
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 4, 5, 6, 8})
  void everyEntryEqualsTheEstimateInMemory(int order) throws IOException {
    // The sample has too few repeated n-grams of six words for discounts of its own.
    KneserNeyOptions options =
        KneserNeyOptions.ofOrder(order).withFallbackDiscounts(Discounts.FALLBACK);
    assertEqualsMemory(SampleText.lines(), options, TextPolicy.DEFAULT);
  }

  @Test
  void prunedModelEqualsTheEstimateInMemory() throws IOException {
    assertEqualsMemory(
        SampleText.lines(), KneserNeyOptions.ofOrder(4).withPruning("0,0,1,2"), TextPolicy.DEFAULT);
  }

  @Test
  void modelWithPrunedUnigramsEqualsTheEstimateInMemory() throws IOException {
    assertEqualsMemory(
        SampleText.lines(), KneserNeyOptions.ofOrder(3).withPruning("1"), TextPolicy.DEFAULT);
  }

  @Test
  void unigramsWithoutInterpolationEqualTheEstimateInMemory() throws IOException {
    assertEqualsMemory(
        SampleText.lines(),
        KneserNeyOptions.ofOrder(3).withInterpolateUnigrams(false),
        TextPolicy.DEFAULT);
  }

  @Test
  void fallbackDiscountsOfATinyTextEqualTheEstimateInMemory() throws IOException {
    assertEqualsMemory(
        List.of("the cat sat", "", "the dog sat on the cat", "the"),
        KneserNeyOptions.ofOrder(4).withFallbackDiscounts(Discounts.FALLBACK),
        TextPolicy.DEFAULT);
  }

  @Test
  void wordsThatBecomeUnknownEqualTheEstimateInMemory() throws IOException {
    TextPolicy shortWords = TextPolicy.DEFAULT.withMaxLineBytes(1 << 20).withMaxWordBytes(9);
    assertEqualsMemory(SampleText.lines(), KneserNeyOptions.ofOrder(3), shortWords);
  }

  /** With unigrams that are not interpolated, one more word in the vocabulary changes nothing. */
  @Test
  void rareWordsOfALimitedVocabularyAreOneWordLikeOthers() throws IOException {
    List<String> lines = SampleText.lines();
    KneserNeyOptions options =
        KneserNeyOptions.ofOrder(3)
            .withInterpolateUnigrams(false)
            .withFallbackDiscounts(Discounts.FALLBACK);
    Set<String> known = mostFrequent(lines, 500);
    List<String> replaced = lines.stream().map(line -> replaceOthers(line, known)).toList();
    Map<String, double[]> expected =
        estimate(
            TextInput.of(SampleText.write(directory.resolve("b"), replaced).toString()), options);
    Map<String, double[]> limited =
        estimate(
            TextInput.of(SampleText.write(directory.resolve("a"), lines).toString())
                .withSplitBytes(20_000)
                .withVocabularyLimit(500),
            options);

    Path vocabulary =
        SampleText.write(
            directory.resolve("vocabulary"),
            limited.keySet().stream().filter(key -> !key.contains(" ")).toList());
    assertThat(
            estimate(
                    TextInput.of(directory.resolve("a").toString())
                        .withVocabularyFile(vocabulary.toString()),
                    options)
                .keySet())
        .isEqualTo(limited.keySet());

    double named = Math.pow(10, expected.getOrDefault("RARE", MISSING)[0]);
    double freed = Math.pow(10, expected.getOrDefault("<unk>", MISSING)[0]);
    assertThat(Math.pow(10, limited.getOrDefault("<unk>", MISSING)[0]))
        .isCloseTo(named + freed, within(1e-6));
    int compared = 0;
    for (Map.Entry<String, double[]> entry : expected.entrySet()) {
      String words = entry.getKey().replace("RARE", "<unk>");
      assertThat(limited).containsKey(words);
      if (!words.endsWith("<unk>")) {
        assertThat(limited.getOrDefault(words, MISSING)[0])
            .as(words)
            .isCloseTo(entry.getValue()[0], within(LAST_DIGIT));
        compared++;
      }
    }
    assertThat(limited).hasSize(expected.size() - 1);
    assertThat(compared).isGreaterThan(10_000);
  }

  private static Set<String> mostFrequent(List<String> lines, int words) {
    Map<String, Integer> counts = new TreeMap<>();
    lines.stream()
        .flatMap(line -> Stream.of(line.split(" ")))
        .forEach(word -> counts.merge(word, 1, Integer::sum));
    return counts.entrySet().stream()
        .sorted(
            Map.Entry.<String, Integer>comparingByValue()
                .reversed()
                .thenComparing(Map.Entry.comparingByKey()))
        .limit(words)
        .map(Map.Entry::getKey)
        .collect(Collectors.toSet());
  }

  private static String replaceOthers(String line, Set<String> known) {
    return Stream.of(line.split(" "))
        .map(word -> known.contains(word) ? word : "RARE")
        .collect(Collectors.joining(" "));
  }

  private Map<String, double[]> estimate(TextInput input, KneserNeyOptions options)
      throws IOException {
    Path arpa = directory.resolve("estimated.arpa");
    new NGramEstimator(spark)
        .estimate(
            input,
            EstimateOptions.ofOrder(options.order()).withModel(options).withPartitions(3),
            new ArpaTarget(arpa.toString(), true));
    return entries(arpa);
  }

  private void assertEqualsMemory(List<String> lines, KneserNeyOptions options, TextPolicy policy)
      throws IOException {
    Path text = SampleText.write(directory.resolve("text.txt"), lines);
    Path arpa = directory.resolve("model.arpa");
    EstimateReport report =
        new NGramEstimator(spark)
            .estimate(
                TextInput.of(text.toString()).withPolicy(policy).withSplitBytes(20_000),
                EstimateOptions.ofOrder(options.order()).withModel(options).withPartitions(3),
                new ArpaTarget(arpa.toString(), false));

    NgramCounter counter = new NgramCounter(options.order(), policy);
    KneserNey expected =
        KneserNey.estimate(counter.read(Files.newInputStream(text), "text").counts(), options);
    BackoffModel model = expected.toModel();
    Map<String, double[]> entries = entries(arpa);
    int compared = 0;
    for (int n = 1; n <= options.order(); n++) {
      assertThat(report.orders().get(n - 1).entries()).isEqualTo(model.size(n));
      assertThat(report.orders().get(n - 1).discounts()).isEqualTo(expected.discounts(n));
      int[] ngram = new int[n];
      for (int i = 0; i < model.size(n); i++) {
        model.ngram(n, i, ngram);
        StringBuilder words = new StringBuilder();
        for (int word : ngram) {
          words.append(words.isEmpty() ? "" : " ").append(model.vocabulary().token(word));
        }
        double[] entry = entries.getOrDefault(words.toString(), MISSING);
        assertThat(entry[0])
            .as("log10 p of '%s'", words)
            .isCloseTo(model.log10Probability(n, i), within(LAST_DIGIT));
        if (n < options.order()) {
          assertThat(entry[1])
              .as("log10 back-off of '%s'", words)
              .isCloseTo(model.log10Backoff(n, i), within(LAST_DIGIT));
        }
        compared++;
      }
    }
    assertThat(entries).hasSize(compared);
  }

  /** The entries of an ARPA file: by words, log10 probability and back-off. */
  static Map<String, double[]> entries(Path arpa) throws IOException {
    Map<String, double[]> entries = new HashMap<>();
    for (String line : Files.readAllLines(arpa, StandardCharsets.UTF_8)) {
      String[] columns = line.split("\t", -1);
      if (columns.length > 1) {
        double backoff = columns.length > 2 ? Double.parseDouble(columns[2]) : Double.NaN;
        entries.put(columns[1], new double[] {Double.parseDouble(columns[0]), backoff});
      }
    }
    return entries;
  }
}
