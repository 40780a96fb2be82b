package org.wordmill.format.arpa;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.wordmill.lm.CorpusScorer;
import org.wordmill.lm.Perplexity;
import org.wordmill.lm.Spelling;
import org.wordmill.ngram.BackoffModel;
import org.wordmill.ngram.Discounts;
import org.wordmill.ngram.KneserNey;
import org.wordmill.ngram.KneserNeyOptions;
import org.wordmill.ngram.NgramCounter;
import org.wordmill.text.TextPolicy;

/**
 * What KenLM makes of a small text: see README.md beside the files for the commands that made them.
 */
class KenlmGoldenTest {

  @ParameterizedTest
  @CsvSource({"mill.arpa, 0", "mill-pruned.arpa, '0,0,1'", "mill-pruned-unigrams.arpa, 1"})
  void ourEstimateHasEveryEntryOfLmplz(String golden, String prune) throws IOException {
    BackoffModel theirs = arpa(golden);
    KneserNeyOptions options =
        KneserNeyOptions.ofOrder(3).withFallbackDiscounts(Discounts.FALLBACK).withPruning(prune);
    BackoffModel ours;
    try (InputStream text = resource("mill.txt")) {
      ours =
          KneserNey.estimate(
                  new NgramCounter(3, TextPolicy.DEFAULT).read(text, "mill.txt").counts(), options)
              .toModel();
    }
    for (int k = 1; k <= 3; k++) {
      Map<List<String>, float[]> expected = entries(theirs, k);
      Map<List<String>, float[]> actual = entries(ours, k);
      assertThat(actual.keySet()).isEqualTo(expected.keySet());
      expected.forEach(
          (ngram, values) -> {
            float[] own = Objects.requireNonNull(actual.get(ngram));
            assertThat(own[0]).as("p %s", ngram).isCloseTo(values[0], within(2e-6f));
            assertThat(own[1]).as("back-off %s", ngram).isCloseTo(values[1], within(2e-6f));
          });
    }
  }

  @Test
  void scoresAreThoseOfQuery() throws IOException {
    BackoffModel model = arpa("mill.arpa");
    List<String> tokens = new ArrayList<>();
    CorpusScorer scorer =
        new CorpusScorer(
            model, TextPolicy.DEFAULT.withReserved(TextPolicy.Reserved.UNKNOWN), new Spelling(26));
    Perplexity perplexity;
    try (InputStream text = resource("mill-test.txt")) {
      perplexity =
          scorer.score(
              text,
              "mill-test.txt",
              (sentence, word, token, before, logProbability) ->
                  tokens.add(
                      word
                          + " "
                          + model.matchedLength(before, token)
                          + " "
                          + (float) (logProbability / Math.log(10))));
    }
    List<String> expected = lines("mill-query.txt");
    List<String> words = new ArrayList<>();
    for (String line : expected) {
      // "the=3 2 -0.27470627<tab>...Total: -3.5 OOV: 0": word=id, matched length, log10 p
      for (String part : line.split("\t")) {
        if (part.matches(".*=[0-9]+ [0-9] .*")) {
          words.add(part.replaceFirst("=[0-9]+ ", " "));
        }
      }
    }
    assertThat(tokens).hasSameSizeAs(words);
    for (int i = 0; i < words.size(); i++) {
      String[] mine = tokens.get(i).split(" ");
      String[] theirs = words.get(i).split(" ");
      assertThat(Arrays.copyOf(mine, 2)).isEqualTo(Arrays.copyOf(theirs, 2));
      assertThat(Float.parseFloat(mine[2])).isCloseTo(Float.parseFloat(theirs[2]), within(1e-6f));
    }
    assertThat(perplexity.includingOov())
        .isCloseTo(figure(expected, "Perplexity including OOVs:"), within(1e-6));
    assertThat(perplexity.excludingOov())
        .isCloseTo(figure(expected, "Perplexity excluding OOVs:"), within(1e-6));
    assertThat((double) perplexity.oov()).isEqualTo(figure(expected, "OOVs:"));
    assertThat((double) perplexity.tokens()).isEqualTo(figure(expected, "Tokens:"));
    assertThat(perplexity.sentences()).isEqualTo(5);
  }

  private static double figure(List<String> lines, String name) {
    return lines.stream()
        .filter(line -> line.startsWith(name))
        .mapToDouble(line -> Double.parseDouble(line.substring(name.length()).strip()))
        .findFirst()
        .orElseThrow();
  }

  private static Map<List<String>, float[]> entries(BackoffModel model, int order) {
    Map<List<String>, float[]> entries = new HashMap<>();
    int[] ids = new int[order];
    for (int i = 0; i < model.size(order); i++) {
      model.ngram(order, i, ids);
      float backoff = order == model.order() ? 0 : model.log10Backoff(order, i);
      entries.put(
          Arrays.stream(ids).mapToObj(model.vocabulary()::token).toList(),
          new float[] {model.log10Probability(order, i), backoff});
    }
    return entries;
  }

  private static BackoffModel arpa(String name) throws IOException {
    try (InputStream in = resource(name)) {
      return ArpaReader.read(
          in,
          name,
          warning -> {
            throw new AssertionError(warning);
          });
    }
  }

  private static List<String> lines(String name) throws IOException {
    try (InputStream in = resource(name)) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8).lines().toList();
    }
  }

  private static InputStream resource(String name) {
    return Objects.requireNonNull(KenlmGoldenTest.class.getResourceAsStream(name), name);
  }
}
