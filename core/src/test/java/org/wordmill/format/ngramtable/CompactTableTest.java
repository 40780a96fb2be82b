package org.wordmill.format.ngramtable;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.wordmill.error.ExitCode;
import org.wordmill.error.WordmillException;
import org.wordmill.lm.LanguageModel;
import org.wordmill.lm.LanguageModelContract;
import org.wordmill.ngram.BackoffModel;

/** The compact layout against the same model in memory, exact and quantised. */
class CompactTableTest extends LanguageModelContract {
  @TempDir private Path folder;

  @Override
  protected LanguageModel model() {
    try {
      return compact(SampleArpa.random(7, 3, "", 4), false);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private NgramTable compact(String arpa, boolean quantized) throws IOException {
    return SampleArpa.table(arpa, folder.resolve("model.table"), TableLayout.COMPACT, quantized);
  }

  @ParameterizedTest
  @CsvSource({"1, 1, ''", "2, 2, ''", "3, 3, ''", "4, 5, ''", "5, 4, '0,0,1'"})
  void everyProbabilityIsThatOfTheModelInMemoryBitByBit(long seed, int order, String prune)
      throws IOException {
    String arpa = SampleArpa.random(seed, order, prune);
    assertThat(worstError(arpa, compact(arpa, false))).isZero();
  }

  @Test
  void modelsWhoseNgramsHaveEndsThatAreNoNgramsAreTheSameToo() throws IOException {
    String arpa = SampleArpa.NOT_SUFFIX_CLOSED;
    assertThat(worstError(arpa, compact(arpa, false))).isZero();
  }

  @Test
  void quantisedProbabilitiesAreNearAndUnigramsExact() throws IOException {
    String arpa = SampleArpa.random(6, 4, "");
    NgramTable table = compact(arpa, true);
    assertThat(table.quantized()).isTrue();
    assertThat(worstError(arpa, table)).isBetween(1e-9, 0.1);
    BackoffModel memory = SampleArpa.inMemory(arpa);
    table.forEach(
        1,
        (ngram, probability, backoff) -> {
          assertThat(probability).isEqualTo(memory.log10Probability(1, ngram[0]));
          assertThat(backoff).isEqualTo(memory.log10Backoff(1, ngram[0]));
        });
  }

  /** The largest difference of natural log-probabilities; matched lengths must be equal. */
  private static double worstError(String arpa, NgramTable table) throws IOException {
    table.verify();
    BackoffModel memory = SampleArpa.inMemory(arpa);
    Random random = new Random(12);
    int words = memory.vocabulary().size();
    float[] expected = new float[words];
    float[] actual = new float[words];
    double worst = 0;
    for (int round = 0; round < 200; round++) {
      LanguageModel.State theirs = memory.start();
      LanguageModel.State ours = table.start();
      for (int i = 0; i < 8; i++) {
        int token = random.nextInt(words);
        double log = memory.logProbability(theirs, token);
        double own = table.logProbability(ours, token);
        worst = log == own ? worst : Math.max(worst, Math.abs(log - own));
        assertThat(table.matchedLength(ours, token)).isEqualTo(memory.matchedLength(theirs, token));
        theirs = memory.advance(theirs, token);
        ours = table.advance(ours, token);
      }
      memory.nextLogProbabilities(theirs, expected);
      table.nextLogProbabilities(ours, actual);
      assertThat(actual).containsExactly(expected, within(table.quantized() ? 0.5f : 1e-6f));
    }
    return worst;
  }

  @Test
  void unpackingGivesTheEntriesOfTheArpaFileAndNothingIsLeftBeside() throws IOException {
    String arpa = SampleArpa.random(8, 4, "0,0,1");
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    TablePacker.unpack(compact(arpa, false), out);
    assertThat(out.toString(StandardCharsets.UTF_8).lines().sorted().toList())
        .isEqualTo(arpa.lines().sorted().toList());
    try (Stream<Path> files = Files.list(folder)) {
      assertThat(files).containsExactly(folder.resolve("model.table"));
    }
  }

  @Test
  void queriesOfADamagedTableEndOrAreRefused() throws IOException {
    Path file = folder.resolve("model.table");
    compact(SampleArpa.random(3, 3, ""), true);
    byte[] whole = Files.readAllBytes(file);
    Random random = new Random(5);
    for (int round = 0; round < 300; round++) {
      byte[] damaged = whole.clone();
      for (int i = 0; i < 40; i++) {
        damaged[TableHeader.LENGTH + random.nextInt(damaged.length - TableHeader.LENGTH)] =
            (byte) random.nextInt();
      }
      Files.write(file, damaged);
      try {
        NgramTable table = NgramTable.open(file);
        LanguageModel.State state = table.start();
        float[] next = new float[table.vocabulary().size()];
        for (int i = 0; i < 50; i++) {
          state = table.advance(state, random.nextInt(next.length));
        }
        table.nextLogProbabilities(state, next);
      } catch (WordmillException e) {
        assertThat(e.exitCode()).isEqualTo(ExitCode.CORRUPT);
      }
    }
  }

  /** Numbers whose gaps are none, small, and larger than any sample. */
  @Test
  void monotoneListsGiveBackEveryRange() throws IOException {
    for (int scale : new int[] {1, 3, 1000, 100_000}) {
      Random random = new Random(scale);
      long[] numbers = new long[1000];
      for (int i = 1; i < numbers.length; i++) {
        int gap = random.nextInt(20) == 0 ? random.nextInt(scale * 50) : random.nextInt(scale);
        numbers[i] = numbers[i - 1] + gap;
      }
      long most = numbers[numbers.length - 1];
      try (TableFile file = new TableFile(folder.resolve("numbers"))) {
        Monotone monotone =
            new Monotone(
                file.allocate(1, Monotone.lowBytes(numbers.length, most)),
                file.allocate(2, Monotone.highBytes(numbers.length, most)),
                file.allocate(3, Monotone.sampleBytes(numbers.length)),
                Monotone.lowBits(numbers.length, most));
        for (int i = 0; i < numbers.length; i++) {
          monotone.set(i, numbers[i]);
        }
        for (int i = 0; i + 1 < numbers.length; i++) {
          assertThat(monotone.range(i))
              .isEqualTo(Ranges.of(numbers[i], numbers[i + 1] - numbers[i]));
        }
      }
    }
  }

  @Test
  void codesAreThoseOfTheNearestCentreAndZeroIsExact() {
    Quantizer quantizer = new Quantizer();
    float[] values = new float[5000];
    Random random = new Random(8);
    for (int i = 0; i < values.length; i++) {
      values[i] = i % 10 == 0 ? 0 : (float) -Math.abs(random.nextGaussian() * 3);
      quantizer.add(values[i]);
    }
    float[] centres = quantizer.centres();
    assertThat(centres).isSorted().hasSize(Quantizer.CODES);
    assertThat(centres[Quantizer.code(centres, 0, 0)]).isZero();
    assertThat(centres[Quantizer.code(centres, 0, -0f)]).isZero();
    double error = 0;
    for (float value : values) {
      float chosen = centres[Quantizer.code(centres, 0, value)];
      for (float centre : centres) {
        assertThat(Math.abs(chosen - value)).isLessThanOrEqualTo(Math.abs(centre - value));
      }
      error += Math.abs(chosen - value);
    }
    assertThat(error / values.length).isLessThan(0.02);
  }
}
