package org.wordmill.format.ngramtable;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.wordmill.lm.LanguageModel;
import org.wordmill.lm.LanguageModelContract;
import org.wordmill.ngram.BackoffModel;
import org.wordmill.text.Vocabulary;

/** A table against the same model in memory. */
class NgramTableTest extends LanguageModelContract {
  @TempDir private Path folder;

  @Override
  protected LanguageModel model() {
    try {
      return SampleArpa.table(SampleArpa.random(7, 3, "", 4), folder.resolve("contract.table"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @ParameterizedTest
  @CsvSource({"1, 1, ''", "2, 2, ''", "3, 3, ''", "4, 5, ''", "5, 4, '0,0,1'", "6, 3, '0,1,1'"})
  void everyProbabilityIsThatOfTheModelInMemoryBitByBit(long seed, int order, String prune)
      throws IOException {
    assertSame(SampleArpa.random(seed, order, prune));
  }

  @Test
  void modelsWhoseNgramsHaveEndsThatAreNoNgramsAreTheSameToo() throws IOException {
    assertSame(SampleArpa.NOT_SUFFIX_CLOSED);
  }

  private void assertSame(String arpa) throws IOException {
    BackoffModel memory = SampleArpa.inMemory(arpa);
    NgramTable table = SampleArpa.table(arpa, folder.resolve("model.table"));
    table.verify();
    int words = memory.vocabulary().size();
    assertThat(table.vocabulary().tokens()).isEqualTo(memory.vocabulary().tokens());
    Random random = new Random(11);
    float[] expected = new float[words];
    float[] actual = new float[words];
    for (int round = 0; round < 200; round++) {
      LanguageModel.State theirs = memory.start();
      LanguageModel.State ours = table.start();
      TableWalk walk = table.walk();
      for (int i = 0; i < 8; i++) {
        int token = random.nextInt(words);
        double log = memory.logProbability(theirs, token);
        assertThat(table.logProbability(ours, token)).isEqualTo(log);
        assertThat(table.matchedLength(ours, token)).isEqualTo(memory.matchedLength(theirs, token));
        assertThat(walk.step(token)).isEqualTo(memory.log10Probability(theirs, token));
        theirs = memory.advance(theirs, token);
        ours = table.advance(ours, token);
        assertThat(walk.isAt(ours)).isTrue();
        assertThat(walk.state()).isEqualTo(ours).hasSameHashCodeAs(ours);
      }
      memory.nextLogProbabilities(theirs, expected);
      table.nextLogProbabilities(ours, actual);
      assertThat(actual).containsExactly(expected, within(1e-6f));
    }
  }

  @Test
  void historiesWithTheSameFutureAreTheSameState() throws IOException {
    NgramTable table = SampleArpa.table(SampleArpa.NOT_SUFFIX_CLOSED, folder.resolve("m.table"));
    Vocabulary words = table.vocabulary();
    LanguageModel.State first = after(table, words.id("a"), words.id("c"), words.id("c"));
    LanguageModel.State second = after(table, words.id("b"), words.id("c"));
    assertThat(first).isEqualTo(second).hasSameHashCodeAs(second);
    assertThat(after(table, words.id("a"))).isNotEqualTo(after(table, words.id("b")));
    assertThat(after(table, words.id("c"), words.id("a")))
        .isNotEqualTo(after(table, words.id("a")));
  }

  private static LanguageModel.State after(NgramTable table, int... tokens) {
    LanguageModel.State state = table.advance(table.start(), table.vocabulary().unknown());
    for (int token : tokens) {
      state = table.advance(state, token);
    }
    return state;
  }

  @Test
  void unpackingGivesTheEntriesOfTheArpaFile() throws IOException {
    for (String arpa :
        List.of(
            SampleArpa.random(8, 4, "0,0,1"),
            SampleArpa.NOT_SUFFIX_CLOSED,
            SampleArpa.NOT_SUFFIX_CLOSED
                .replace("ngram 3=2", "ngram 3=0")
                .replaceAll("(?m)^-.* . .\n", ""))) {
      ByteArrayOutputStream out = new ByteArrayOutputStream();
      TablePacker.unpack(SampleArpa.table(arpa, folder.resolve("model.table")), out);
      String unpacked = out.toString(StandardCharsets.UTF_8);
      assertThat(unpacked.lines().sorted().toList()).isEqualTo(arpa.lines().sorted().toList());
      assertThat(SampleArpa.inMemory(unpacked).vocabulary().tokens())
          .isEqualTo(SampleArpa.inMemory(arpa).vocabulary().tokens());
    }
  }

  @Test
  void manyThreadsReadOneTable() throws IOException {
    String arpa = SampleArpa.random(9, 4, "");
    BackoffModel memory = SampleArpa.inMemory(arpa);
    NgramTable table = SampleArpa.table(arpa, folder.resolve("model.table"));
    List<CompletableFuture<Boolean>> threads = new ArrayList<>();
    for (int thread = 0; thread < 4; thread++) {
      int[] text = new SplittableRandom(thread).ints(2000, 0, memory.vocabulary().size()).toArray();
      threads.add(
          CompletableFuture.supplyAsync(
              () -> {
                double[] expected = new double[text.length];
                double[] actual = new double[text.length];
                memory.logProbabilities(memory.start(), text, expected);
                table.logProbabilities(table.start(), text, actual);
                return Arrays.equals(expected, actual);
              }));
    }
    assertThat(threads.stream().map(CompletableFuture::join).collect(Collectors.toSet()))
        .containsExactly(true);
  }
}
