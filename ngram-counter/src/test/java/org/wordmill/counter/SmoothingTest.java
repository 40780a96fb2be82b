package org.wordmill.counter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.apache.spark.api.java.JavaSparkContext;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.wordmill.error.WordmillException;
import org.wordmill.ngram.CountSmoothing;
import org.wordmill.ngram.Discounts;
import org.wordmill.ngram.KneserNeyOptions;
import org.wordmill.ngram.NgramCounter;
import org.wordmill.ngram.NgramCounts;
import org.wordmill.ngram.SmoothedCounts;
import org.wordmill.text.TextPolicy;
import org.wordmill.text.Vocabulary;

/** The smoothings of raw counts on Spark against their formulas in memory, in doubles. */
@ExtendWith(LocalSpark.class)
final class SmoothingTest {
  /** Half a unit in the last of the seven digits that a float has, at -10. */
  private static final double LAST_DIGIT = 2e-6;

  private static final int PARTITIONS = 3;

  @TempDir private Path directory;
  private final JavaSparkContext spark;

  SmoothingTest(JavaSparkContext spark) {
    this.spark = spark;
  }

  static List<Arguments> choices() {
    List<Arguments> all = new ArrayList<>();
    for (Smoothing smoothing :
        List.of(
            Smoothing.ADD_K, Smoothing.WITTEN_BELL, Smoothing.ABSOLUTE, Smoothing.STUPID_BACKOFF)) {
      double parameter = smoothing == Smoothing.ADD_K ? 0.01 : smoothing.defaultParameter();
      for (KneserNeyOptions options :
          List.of(
              KneserNeyOptions.ofOrder(1),
              KneserNeyOptions.ofOrder(2),
              KneserNeyOptions.ofOrder(4),
              KneserNeyOptions.ofOrder(3).withPruning("0,0,1"),
              KneserNeyOptions.ofOrder(3).withPruning("1"))) {
        all.add(Arguments.of(smoothing, parameter, options));
      }
    }
    return all;
  }

  @ParameterizedTest
  @MethodSource("choices")
  void everyEntryEqualsTheFormulaInMemory(
      Smoothing smoothing, double parameter, KneserNeyOptions options) throws IOException {
    KneserNeyOptions choices = options.withFallbackDiscounts(Discounts.FALLBACK);
    Path text = SampleText.write(directory.resolve("text.txt"), SampleText.lines());
    Path arpa = directory.resolve("model.arpa");
    new NGramEstimator(spark)
        .estimate(
            TextInput.of(text.toString()).withSplitBytes(20_000),
            new EstimateOptions(choices, smoothing, parameter, PARTITIONS),
            new ArpaTarget(arpa.toString(), false));

    CountSmoothing formula = smoothing.formula(parameter).orElseThrow();
    NgramCounts counts =
        new NgramCounter(options.order(), TextPolicy.DEFAULT)
            .read(Files.newInputStream(text), "text")
            .counts();
    SmoothedCounts expected = SmoothedCounts.estimate(counts, choices, formula);
    Map<String, double[]> entries = NGramEstimatorTest.entries(arpa);
    entries.forEach(
        (words, values) -> {
          int[] ngram = ids(words, counts.vocabulary());
          double p = expected.probability(ngram);
          assertThat(values[0])
              .as("log10 p of '%s'", words)
              .isCloseTo(Math.max(-99, Math.log10(p)), within(LAST_DIGIT));
          if (ngram.length < options.order()) {
            assertThat(values[1])
                .as("log10 back-off of '%s'", words)
                .isCloseTo(Math.log10(expected.gamma(ngram)), within(LAST_DIGIT));
          }
        });
    int all = 0;
    for (int n = 1; n <= options.order(); n++) {
      all += expected.toModel().size(n);
    }
    assertThat(entries).hasSize(all);
  }

  private static int[] ids(String words, Vocabulary vocabulary) {
    return Arrays.stream(words.split(" ")).mapToInt(vocabulary::id).toArray();
  }

  @ParameterizedTest
  @MethodSource("choices")
  void theFileIsTheSameBytesForAnyCutOfTheText(
      Smoothing smoothing, double parameter, KneserNeyOptions options) throws IOException {
    List<String> lines = SampleText.lines().subList(0, 200);
    Path text = SampleText.write(directory.resolve("text.txt"), lines);
    EstimateOptions choices =
        new EstimateOptions(
            options.withFallbackDiscounts(Discounts.FALLBACK), smoothing, parameter, 2);
    List<String> files = new ArrayList<>();
    for (int splitBytes : new int[] {0, 3000}) {
      Path arpa = directory.resolve("model" + splitBytes + ".arpa");
      new NGramEstimator(spark)
          .estimate(
              TextInput.of(text.toString()).withSplitBytes(splitBytes),
              choices,
              new ArpaTarget(arpa.toString(), false));
      files.add(Files.readString(arpa));
    }
    assertThat(files.get(1)).isEqualTo(files.get(0));
  }

  @Test
  void absoluteDiscountingReportsOneDiscountForEachOrder() {
    Path text = SampleText.write(directory.resolve("text.txt"), SampleText.lines());
    EstimateReport report =
        new NGramEstimator(spark)
            .estimate(
                TextInput.of(text.toString()),
                EstimateOptions.ofOrder(3).withSmoothing(Smoothing.ABSOLUTE),
                new ArpaTarget(directory.resolve("model.arpa").toString(), false));
    String discounts =
        report.orders().stream()
            .map(EstimateReport.Order::discounts)
            .peek(d -> assertThat(d.d1()).isEqualTo(d.d3()).isBetween(0.1, 1.0))
            .map(Discounts::toString)
            .collect(Collectors.joining("; "));
    EstimateReport.Order trigrams = report.orders().get(2);
    double n1 = trigrams.countsOfCounts().get(0);
    double n2 = trigrams.countsOfCounts().get(1);
    assertThat(trigrams.discounts().d1()).as(discounts).isEqualTo(n1 / (n1 + 2 * n2));
  }

  @Test
  void parametersThatMakeNoSenseAreRefusedBeforeAnyWork() {
    assertThatThrownBy(() -> EstimateOptions.ofOrder(2).withSmoothing(Smoothing.ADD_K, 0))
        .isInstanceOf(WordmillException.class)
        .hasMessageContaining("--k");
    assertThatThrownBy(() -> EstimateOptions.ofOrder(2).withSmoothing(Smoothing.STUPID_BACKOFF, 2))
        .isInstanceOf(WordmillException.class)
        .hasMessageContaining("--backoff-factor");
  }
}
