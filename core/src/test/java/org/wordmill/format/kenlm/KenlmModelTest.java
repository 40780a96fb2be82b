package org.wordmill.format.kenlm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.wordmill.error.ExitCode;
import org.wordmill.error.WordmillException;
import org.wordmill.lm.CorpusScorer;
import org.wordmill.lm.LanguageModel;
import org.wordmill.lm.Perplexity;
import org.wordmill.lm.Spelling;
import org.wordmill.ngram.BackoffModel;
import org.wordmill.ngram.NgramModel;
import org.wordmill.text.TextPolicy;
import org.wordmill.text.Vocabulary;

/** Binary files of KenLM give the numbers of its query, and those of the ARPA file inside. */
class KenlmModelTest {
  private static final double LN_10 = Math.log(10);

  @TempDir private Path folder;

  /** A word as query prints it, with its id left out: they differ between kinds of files. */
  private record Scored(String word, int matched, float log10) {
    static List<Scored> of(List<String> query) {
      List<Scored> words = new ArrayList<>();
      for (String line : query) {
        for (String part : line.split("\t")) {
          if (part.matches(".*=[0-9]+ [0-9] .*")) {
            String[] fields = part.replaceFirst("=[0-9]+ ", " ").split(" ");
            words.add(
                new Scored(fields[0], Integer.parseInt(fields[1]), Float.parseFloat(fields[2])));
          }
        }
      }
      return words;
    }
  }

  static Stream<Arguments> scored() {
    return Stream.concat(
        GoldenFiles.GRIST.stream()
            .map(
                file ->
                    Arguments.of(
                        file,
                        "grist-test.txt",
                        file.startsWith("quantized") ? "query-quantized.txt" : "query.txt")),
        Stream.of("pruned-probing.klm", "pruned-trie.klm")
            .map(file -> Arguments.of(file, "pruned-test.txt", "pruned-query.txt")));
  }

  @ParameterizedTest
  @MethodSource("scored")
  void everyTokenHasTheFloatOfQueryAndTheTextItsPerplexities(String file, String text, String query)
      throws IOException {
    KenlmModel model = GoldenFiles.open(folder, file);
    CorpusScorer scorer =
        new CorpusScorer(
            model, TextPolicy.DEFAULT.withReserved(TextPolicy.Reserved.UNKNOWN), new Spelling(26));
    List<Scored> tokens = new ArrayList<>();
    Perplexity perplexity;
    try (InputStream in = GoldenFiles.stream(text)) {
      perplexity =
          scorer.score(
              in,
              text,
              (sentence, word, token, before, logProbability) ->
                  tokens.add(
                      new Scored(
                          word,
                          model.matchedLength(before, token),
                          (float) (logProbability / LN_10))));
    }
    List<String> expected = GoldenFiles.lines(query);
    assertThat(tokens).isEqualTo(Scored.of(expected));
    assertThat(perplexity.includingOov() / figure(expected, "Perplexity including OOVs:"))
        .isCloseTo(1, within(1e-6));
    assertThat(perplexity.excludingOov())
        .isCloseTo(figure(expected, "Perplexity excluding OOVs:"), within(1e-6));
    assertThat((double) perplexity.oov()).isEqualTo(figure(expected, "OOVs:"));
    assertThat((double) perplexity.tokens()).isEqualTo(figure(expected, "Tokens:"));
    try (InputStream in = GoldenFiles.stream(text)) {
      // All at once, and not token by token.
      assertThat(scorer.score(in, text)).isEqualTo(perplexity);
    }
  }

  private static double figure(List<String> lines, String name) {
    return lines.stream()
        .filter(line -> line.startsWith(name))
        .mapToDouble(line -> Double.parseDouble(line.substring(name.length()).strip()))
        .findFirst()
        .orElseThrow();
  }

  static Stream<String> exact() {
    return GoldenFiles.GRIST.stream().filter(file -> !file.startsWith("quantized"));
  }

  @ParameterizedTest
  @MethodSource("exact")
  void everyEntryOfTheArpaFileIsThere(String file) throws IOException {
    BackoffModel arpa = GoldenFiles.arpa("grist.arpa");
    KenlmModel model = GoldenFiles.open(folder, file);
    assertThat(model.order()).isEqualTo(arpa.order());
    for (int k = 1; k <= arpa.order(); k++) {
      assertThat(model.ngrams(k)).isEqualTo(arpa.ngrams(k));
      int[] ngram = new int[k];
      for (int i = 0; i < arpa.size(k); i++) {
        arpa.ngram(k, i, ngram);
        String words = Arrays.toString(words(arpa, ngram));
        if (ngram[k - 1] == arpa.vocabulary().begin()) {
          continue; // It is never predicted.
        }
        LanguageModel.State state = model.start();
        if (ngram[0] != arpa.vocabulary().begin()) {
          // Nothing is found together with what comes before.
          state = model.advance(state, model.vocabulary().unknown());
          state = model.advance(state, model.vocabulary().unknown());
        }
        for (int j = 0; j < k - 1; j++) {
          if (ngram[j] != arpa.vocabulary().begin()) {
            state = model.advance(state, id(model, arpa, ngram[j]));
          }
        }
        int word = id(model, arpa, ngram[k - 1]);
        assertThat(model.matchedLength(state, word)).as(words).isEqualTo(k);
        assertThat((float) (model.logProbability(state, word) / LN_10))
            .as(words)
            .isEqualTo(arpa.log10Probability(k, i));
      }
    }
  }

  private static String[] words(BackoffModel arpa, int[] ngram) {
    return Arrays.stream(ngram).mapToObj(arpa.vocabulary()::token).toArray(String[]::new);
  }

  private static int id(KenlmModel model, BackoffModel arpa, int word) {
    return model.vocabulary().id(arpa.vocabulary().token(word));
  }

  static Stream<Arguments> walked() {
    return Stream.concat(
        exact().map(file -> Arguments.of(file, "grist.arpa")),
        Stream.of("pruned-probing.klm", "pruned-trie.klm")
            .map(file -> Arguments.of(file, "pruned.arpa")));
  }

  /** Back-off weights of all lengths, and states that are cut short, included. */
  @ParameterizedTest
  @MethodSource("walked")
  void anyTextScoresAsUnderTheArpaFile(String file, String golden) throws IOException {
    BackoffModel arpa = GoldenFiles.arpa(golden);
    KenlmModel model = GoldenFiles.open(folder, file);
    Random random = new Random(7);
    LanguageModel.State expected = arpa.start();
    LanguageModel.State actual = model.start();
    for (int i = 0; i < 20_000; i++) {
      int word = random.nextInt(arpa.vocabulary().size());
      if (random.nextInt(4) > 0) {
        word = likely(arpa, expected, random);
      }
      if (word == arpa.vocabulary().begin()) {
        continue;
      }
      int own = id(model, arpa, word);
      assertThat(model.logProbability(actual, own))
          .isCloseTo(arpa.logProbability(expected, word), within(2e-5));
      expected = arpa.advance(expected, word);
      actual = model.advance(actual, own);
      if (word == arpa.vocabulary().end()) {
        expected = arpa.start();
        actual = model.start();
      }
    }
  }

  static Stream<String> all() {
    return Stream.concat(
        GoldenFiles.GRIST.stream(), Stream.of("pruned-probing.klm", "pruned-trie.klm"));
  }

  @ParameterizedTest
  @MethodSource("all")
  void aTextAtOnceHasTheNumbersAndTheEndOfOneWordAfterTheOther(String file) throws IOException {
    KenlmModel model = GoldenFiles.open(folder, file);
    Random random = new Random(13);
    LanguageModel.State state = model.start();
    for (int length : List.of(0, 1, 2, 3, 20, 255, 256, 257, 600)) {
      int[] words = new int[length];
      double[] expected = new double[length];
      LanguageModel.State here = state;
      for (int i = 0; i < length; i++) {
        words[i] = random.nextInt(3) == 0 ? likely(model, here, random) : random.nextInt(5);
        expected[i] = model.logProbability(here, words[i]);
        here = model.advance(here, words[i]);
      }
      double[] actual = new double[length];
      LanguageModel.State after = model.logProbabilities(state, words, actual);
      assertThat(actual).isEqualTo(expected);
      assertThat(after).isEqualTo(here).hasSameHashCodeAs(here);
      state = after;
    }
  }

  @ParameterizedTest
  @MethodSource("all")
  void severalTextsHaveTheNumbersOfEachByItself(String file) throws IOException {
    KenlmModel model = GoldenFiles.open(folder, file);
    Random random = new Random(14);
    List<int[]> texts = new ArrayList<>();
    List<double[]> together = new ArrayList<>();
    for (int length : List.of(3, 0, 1, 249, 2, 0, 256, 30, 0)) {
      int[] words = new int[length];
      LanguageModel.State here = model.start();
      for (int i = 0; i < length; i++) {
        words[i] = likely(model, here, random);
        here = model.advance(here, words[i]);
      }
      texts.add(words);
      together.add(new double[length]);
    }
    model.logProbabilities(texts, together);
    for (int i = 0; i < texts.size(); i++) {
      double[] alone = new double[texts.get(i).length];
      LanguageModel.State here = model.start();
      for (int j = 0; j < alone.length; j++) {
        alone[j] = model.logProbability(here, texts.get(i)[j]);
        here = model.advance(here, texts.get(i)[j]);
      }
      assertThat(together.get(i)).as("text %d", i).containsExactly(alone);
    }
  }

  private static int likely(NgramModel model, LanguageModel.State state, Random random) {
    int best = 0;
    for (int i = 0; i < 8; i++) {
      int word = random.nextInt(model.vocabulary().size());
      if (model.matchedLength(state, word) >= model.matchedLength(state, best)) {
        best = word;
      }
    }
    return best;
  }

  @ParameterizedTest
  @MethodSource("exact")
  void theNextWordsHaveTheirProbabilitiesAndSumToOne(String file) throws IOException {
    KenlmModel model = GoldenFiles.open(folder, file);
    Vocabulary vocabulary = model.vocabulary();
    LanguageModel.State state = model.advance(model.start(), vocabulary.id("the"));
    float[] next = new float[vocabulary.size()];
    model.nextLogProbabilities(state, next);
    double sum = 0;
    for (int word = 0; word < next.length; word++) {
      sum += Math.exp(next[word]);
      assertThat(next[word]).isEqualTo((float) model.logProbability(state, word));
    }
    assertThat(next[vocabulary.begin()]).isEqualTo(Float.NEGATIVE_INFINITY);
    assertThat(sum).isCloseTo(1, within(1e-5));
  }

  @Test
  void historiesWithTheSameFutureAreEqual() throws IOException {
    KenlmModel model = GoldenFiles.open(folder, "trie.klm");
    Vocabulary words = model.vocabulary();
    LanguageModel.State unknown = model.advance(model.start(), words.unknown());
    LanguageModel.State far = model.advance(model.start(), words.id("bread"));
    LanguageModel.State again = model.advance(far, words.unknown());
    assertThat(again).isEqualTo(unknown).hasSameHashCodeAs(unknown).isNotEqualTo(far);
  }

  @Test
  void wordsAreFoundAndToldAndTheUnknownWordIsNumberZero() throws IOException {
    BackoffModel arpa = GoldenFiles.arpa("grist.arpa");
    for (String file : GoldenFiles.GRIST) {
      Vocabulary words = GoldenFiles.open(folder, file).vocabulary();
      assertThat(words.size()).isEqualTo(arpa.vocabulary().size());
      assertThat(words.unknown()).isZero();
      assertThat(words.id("grist")).isZero();
      assertThat(words.contains("grist")).isFalse();
      if (words.hasStrings()) {
        assertThat(words.tokens()).containsExactlyInAnyOrderElementsOf(arpa.vocabulary().tokens());
        for (String word : words.tokens()) {
          assertThat(words.token(words.id(word))).isEqualTo(word);
        }
      }
    }
  }

  @Test
  void aFileWithoutWordsScoresButTellsNoWord() throws IOException {
    KenlmModel model = GoldenFiles.open(folder, "wordless.klm");
    assertThat(model.vocabulary().hasStrings()).isFalse();
    assertThat(Spelling.of(model.vocabulary()).alphabet()).isEqualTo(Character.MAX_CODE_POINT);
    assertThatThrownBy(() -> model.vocabulary().token(3))
        .isInstanceOfSatisfying(
            WordmillException.class, e -> assertThat(e.exitCode()).isEqualTo(ExitCode.CORRUPT))
        .hasMessageContaining("without its words")
        .hasMessageContaining("without -v");
  }

  @Test
  void threadsShareAModel() throws Exception {
    KenlmModel model = GoldenFiles.open(folder, "quantized-array.klm");
    int[] text = new Random(3).ints(2000, 0, model.vocabulary().size()).toArray();
    double[] expected = new double[text.length];
    model.logProbabilities(model.start(), text, expected);
    Callable<double[]> score =
        () -> {
          double[] scores = new double[text.length];
          model.logProbabilities(model.start(), text, scores);
          return scores;
        };
    ExecutorService threads = Executors.newFixedThreadPool(4);
    try {
      for (Future<double[]> scores : threads.invokeAll(List.of(score, score, score, score))) {
        assertThat(scores.get()).isEqualTo(expected);
      }
    } finally {
      threads.shutdown();
    }
  }

  @Test
  void aWordThatIsNoneIsRefused() throws IOException {
    KenlmModel model = GoldenFiles.open(folder, "trie.klm");
    assertThatThrownBy(() -> model.logProbability(model.start(), model.vocabulary().size()))
        .isInstanceOf(IndexOutOfBoundsException.class);
    assertThatThrownBy(() -> model.logProbabilities(model.start(), new int[] {-1}, new double[1]))
        .isInstanceOf(IndexOutOfBoundsException.class);
    assertThatThrownBy(() -> model.advance(model.start(), -1))
        .isInstanceOf(IndexOutOfBoundsException.class);
  }
}
