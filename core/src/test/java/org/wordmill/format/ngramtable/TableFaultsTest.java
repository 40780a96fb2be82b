package org.wordmill.format.ngramtable;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.wordmill.error.ExitCode;
import org.wordmill.error.WordmillException;
import org.wordmill.lm.LanguageModel;

/** Tables that are cut off, damaged, or not finished. */
class TableFaultsTest {
  @TempDir private Path folder;
  private Path file;
  private byte[] whole;

  @BeforeEach
  void packASample() throws IOException {
    file = folder.resolve("model.table");
    SampleArpa.table(SampleArpa.random(3, 3, ""), file);
    whole = Files.readAllBytes(file);
  }

  @Test
  void aTableCutAnywhereIsRefusedWhenItIsOpened() throws IOException {
    Random random = new Random(1);
    for (int round = 0; round < 200; round++) {
      int length =
          round < 20
              ? round
              : round < 60 ? whole.length - round + 19 : random.nextInt(whole.length);
      Files.write(file, Arrays.copyOf(whole, length));
      assertCorrupt(() -> NgramTable.open(file), "length " + length);
    }
  }

  @Test
  void aTableThatIsTooLongIsRefused() throws IOException {
    Files.write(file, Arrays.copyOf(whole, whole.length + 1));
    assertCorrupt(() -> NgramTable.open(file), "too long");
  }

  @Test
  void anyFlippedBitOfTheHeaderIsRefusedWhenTheTableIsOpened() throws IOException {
    Random random = new Random(2);
    for (int round = 0; round < 400; round++) {
      int bit = round < 200 ? round * 8 * 500 / 200 : random.nextInt(8 * TableHeader.LENGTH);
      Files.write(file, flipped(bit));
      assertCorrupt(() -> NgramTable.open(file), "bit " + bit);
    }
  }

  @Test
  void anyFlippedBitOfASectionIsFoundByVerifyWithItsPlace() throws IOException {
    TableHeader header =
        TableHeader.decode(Arrays.copyOf(whole, TableHeader.LENGTH), whole.length, file.toString());
    Random random = new Random(4);
    for (int round = 0; round < 100; round++) {
      Section section = header.sections().get(random.nextInt(header.sections().size()));
      long at = section.offset() + (long) (random.nextDouble() * section.length());
      Files.write(file, flipped(8 * (int) at + random.nextInt(8)));
      assertThatThrownBy(() -> NgramTable.open(file).verify())
          .as("byte %d", at)
          .isInstanceOfSatisfying(
              WordmillException.class, e -> assertThat(e.exitCode()).isEqualTo(ExitCode.CORRUPT))
          .hasMessageContaining("at byte");
    }
  }

  /** Without checksums a damaged table may give other numbers, but nothing worse than a fault. */
  @Test
  void queriesOfADamagedTableEndOrAreRefused() throws IOException {
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
          int token = random.nextInt(next.length);
          table.logProbability(state, token);
          state = table.advance(state, token);
        }
        table.logProbabilities(state, random.ints(70, 0, next.length).toArray(), new double[70]);
        table.nextLogProbabilities(state, next);
        table.vocabulary().token(random.nextInt(next.length));
      } catch (WordmillException e) {
        assertThat(e.exitCode()).isEqualTo(ExitCode.CORRUPT);
      }
    }
  }

  @Test
  void aTableWhoseWritingWasInterruptedIsRefused() throws IOException {
    byte[] incomplete = whole.clone();
    System.arraycopy(TableHeader.incomplete(), 0, incomplete, 0, TableHeader.LENGTH);
    Files.write(file, incomplete);
    assertThatThrownBy(() -> NgramTable.open(file)).hasMessageContaining("not complete");
  }

  @Test
  void nothingIsLeftWhereTheArpaFileIsWrong() throws IOException {
    Files.delete(file);
    String cut = SampleArpa.NOT_SUFFIX_CLOSED.replace("\\end\\", "");
    assertThatThrownBy(() -> SampleArpa.table(cut, file)).hasMessageContaining("cut off");
    String twice = SampleArpa.NOT_SUFFIX_CLOSED.replace("c a c", "a b c");
    assertThatThrownBy(() -> SampleArpa.table(twice, file)).hasMessageContaining("twice");
    String without = SampleArpa.NOT_SUFFIX_CLOSED.replace("c a c", "c b c");
    assertThatThrownBy(() -> SampleArpa.table(without, file)).hasMessageContaining("context");
    try (Stream<Path> left = Files.list(folder)) {
      assertThat(left).isEmpty();
    }
  }

  private byte[] flipped(int bit) {
    byte[] flipped = whole.clone();
    flipped[bit / 8] ^= (byte) (1 << bit % 8);
    return flipped;
  }

  private static void assertCorrupt(ThrowingCallable opening, String what) {
    assertThatThrownBy(opening)
        .as(what)
        .isInstanceOfSatisfying(
            WordmillException.class, e -> assertThat(e.exitCode()).isEqualTo(ExitCode.CORRUPT));
  }
}
