package org.wordmill.format.kenlm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.wordmill.error.ExitCode;
import org.wordmill.error.WordmillException;
import org.wordmill.lm.LanguageModel;

/** Binary files of KenLM that are cut off, damaged, of another version, or lie about themselves. */
class KenlmFaultsTest {
  private static final int ORDER = 88;
  private static final int MULTIPLIER = 92;
  private static final int TYPE = 96;
  private static final int STRINGS = 100;
  private static final int VERSION = 104;
  private static final int COUNTS = 108;
  private static final int HEADER = COUNTS + 4 * 8;

  @TempDir private Path folder;

  static Stream<String> files() {
    return GoldenFiles.GRIST.stream();
  }

  @ParameterizedTest
  @MethodSource("files")
  void aFileCutAnywhereIsRefusedWhenItIsOpened(String name) throws IOException {
    byte[] whole = GoldenFiles.bytes(name);
    for (int length = 0; length < whole.length; length += length < HEADER ? 1 : 37) {
      refused(Arrays.copyOf(whole, length), "length " + length);
    }
    for (int length = whole.length - 7; length < whole.length; length++) {
      refused(Arrays.copyOf(whole, length), "length " + length);
    }
  }

  @ParameterizedTest
  @MethodSource("files")
  void aFileThatIsTooLongIsRefused(String name) throws IOException {
    byte[] whole = GoldenFiles.bytes(name);
    refused(Arrays.copyOf(whole, whole.length + 1), "a zero more");
  }

  @ParameterizedTest
  @ValueSource(strings = {"probing.klm", "wordless.klm", "trie.klm", "quantized-array.klm"})
  void aFlippedBitOfTheHeaderIsRefusedUnlessItChangesNothing(String name) throws IOException {
    byte[] whole = GoldenFiles.bytes(name);
    double[] scores = scores(GoldenFiles.open(folder, name));
    for (int bit = 0; bit < 8 * HEADER; bit++) {
      byte[] flipped = whole.clone();
      flipped[bit / 8] ^= (byte) (1 << bit % 8);
      int at = bit / 8;
      boolean unused = at > ORDER && at < MULTIPLIER || at > STRINGS && at < VERSION;
      if (unused || at >= MULTIPLIER && at < TYPE) {
        try {
          assertThat(scores(open(flipped))).as("bit %d", bit).isEqualTo(scores);
        } catch (WordmillException e) {
          assertThat(e.exitCode()).isEqualTo(ExitCode.CORRUPT);
        }
      } else {
        refused(flipped, "bit " + bit);
      }
    }
  }

  private static double[] scores(KenlmModel model) {
    int[] text = new Random(5).ints(50, 0, 41).toArray();
    double[] scores = new double[text.length];
    model.logProbabilities(model.start(), text, scores);
    return scores;
  }

  @ParameterizedTest
  @MethodSource("files")
  void absurdNumbersAreRefusedBeforeMemoryIsTakenForThem(String name) throws IOException {
    for (long count : new long[] {-1, Long.MIN_VALUE, Long.MAX_VALUE, 1L << 61, 1L << 40}) {
      for (int k = 0; k < 4; k++) {
        int at = COUNTS + 8 * k;
        refused(changed(name, bytes -> bytes.putLong(at, count)), "count " + count + " of " + k);
      }
    }
    for (float multiplier :
        new float[] {0, 0.5f, -2, 1e30f, Float.MAX_VALUE, Float.POSITIVE_INFINITY, Float.NaN}) {
      byte[] file = changed(name, bytes -> bytes.putFloat(MULTIPLIER, multiplier));
      if (multiplier >= 1 && !Float.isInfinite(multiplier) && isTrie(name)) {
        open(file); // It says nothing there.
      } else {
        refused(file, "multiplier " + multiplier);
      }
    }
    for (byte order : new byte[] {0, 1, 3, 5, 33, -1}) {
      refused(changed(name, bytes -> bytes.put(ORDER, order)), "order " + order);
    }
  }

  private static boolean isTrie(String name) {
    return GoldenFiles.bytes(name)[TYPE] >= 2;
  }

  @Test
  void otherVersionsAndMachinesAreToldApart() throws IOException {
    assertThatThrownBy(
            () -> open(text("trie.klm", "mmap lm http://kheafield.com/code incomplete\n")))
        .hasMessageContaining("not complete");
    assertThatThrownBy(
            () -> open(text("trie.klm", "mmap lm http://kheafield.com/code format version 4\n")))
        .hasMessageContaining("version 4, expected 5");
    assertThatThrownBy(() -> open(changed("trie.klm", bytes -> bytes.putFloat(60, 2))))
        .hasMessageContaining("little-endian");
    assertThatThrownBy(() -> open(changed("trie.klm", bytes -> bytes.putInt(TYPE, 6))))
        .hasMessageContaining("unknown model type 6");
    assertThatThrownBy(() -> open(changed("trie.klm", bytes -> bytes.putInt(VERSION, 0))))
        .hasMessageContaining("trie of version 0, expected 1");
    assertThatThrownBy(() -> open("\\data\\\nngram 1=3\n".getBytes(StandardCharsets.UTF_8)))
        .hasMessageContaining("no binary file of KenLM");
  }

  @Test
  void wordsThatAreNotWhereTheyShouldBeAreRefused() throws IOException {
    byte[] whole = GoldenFiles.bytes("trie.klm");
    int words = new String(whole, StandardCharsets.ISO_8859_1).indexOf("<unk>\0");
    whole[words] = 'x';
    refused(whole, "the first word");
    byte[] joined = GoldenFiles.bytes("trie.klm");
    joined[words + 5] = 'x';
    refused(joined, "a word less");
  }

  /** Without checksums a damaged file may give other numbers, but nothing worse than a fault. */
  @ParameterizedTest
  @MethodSource("files")
  void queriesOfADamagedFileEndOrAreRefused(String name) throws IOException {
    byte[] whole = GoldenFiles.bytes(name);
    Random random = new Random(5);
    for (int round = 0; round < 100; round++) {
      byte[] damaged = whole.clone();
      for (int i = 0; i < 60; i++) {
        damaged[HEADER + random.nextInt(damaged.length - HEADER)] = (byte) random.nextInt();
      }
      try {
        KenlmModel model = open(damaged);
        LanguageModel.State state = model.start();
        float[] next = new float[model.vocabulary().size()];
        for (int i = 0; i < 50; i++) {
          state = model.advance(state, random.nextInt(next.length));
        }
        model.logProbabilities(state, random.ints(70, 0, next.length).toArray(), new double[70]);
        model.nextLogProbabilities(state, next);
        model.vocabulary().id("flour");
      } catch (WordmillException e) {
        assertThat(e.exitCode()).isEqualTo(ExitCode.CORRUPT);
      }
    }
  }

  private static byte[] changed(String name, Consumer<ByteBuffer> change) {
    byte[] file = GoldenFiles.bytes(name);
    change.accept(ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN));
    return file;
  }

  private static byte[] text(String name, String beginning) {
    return changed(name, bytes -> bytes.put(0, beginning.getBytes(StandardCharsets.US_ASCII)));
  }

  private KenlmModel open(byte[] file) throws IOException {
    return KenlmModel.open(Files.write(folder.resolve("damaged.klm"), file));
  }

  private void refused(byte[] file, String what) {
    assertThatThrownBy(() -> open(file))
        .as(what)
        .isInstanceOfSatisfying(
            WordmillException.class, e -> assertThat(e.exitCode()).isEqualTo(ExitCode.CORRUPT));
  }
}
