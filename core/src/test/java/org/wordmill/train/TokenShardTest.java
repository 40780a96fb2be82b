package org.wordmill.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.wordmill.error.ExitCode;
import org.wordmill.error.WordmillException;

class TokenShardTest {

  @Test
  void idsOfAGpt2VocabularyComeBackFromTwoBytesEach() throws IOException {
    int[] ids = {0, 1, 32767, 32768, 50256};
    byte[] file = shard(ids, 50257);
    assertThat(file).hasSize(24 + 2 * 5 + 4);
    assertThat(read(file, 50257)).containsExactly(ids);
  }

  @Test
  void theLargestIdOfTwoBytesIsNotNegative() throws IOException {
    int[] ids = {65535, 0};
    assertThat(shard(ids, 65536)).hasSize(24 + 4 + 4);
    assertThat(read(shard(ids, 65536), 65536)).containsExactly(ids);
  }

  @Test
  void largerVocabulariesTakeFourBytes() throws IOException {
    int[] ids = {65536, 0, 1_000_000};
    assertThat(shard(ids, 1_000_001)).hasSize(24 + 12 + 4);
    assertThat(read(shard(ids, 1_000_001), 1_000_001)).containsExactly(ids);
  }

  @Test
  void longAndEmptyShardsComeBack() throws IOException {
    int[] ids = new SplittableRandom(5).ints(100_003, 0, 300).toArray();
    assertThat(read(shard(ids, 300), 300)).containsExactly(ids);
    assertThat(read(shard(new int[0], 300), 300)).isEmpty();
  }

  @Test
  void aShardCutAnywhereIsRefused() throws IOException {
    byte[] file = shard(new int[] {3, 1, 4, 1, 5, 9, 2, 6}, 10);
    for (int length = 0; length < file.length; length++) {
      byte[] cut = Arrays.copyOf(file, length);
      assertThatThrownBy(() -> read(cut, 10))
          .isInstanceOfSatisfying(
              WordmillException.class, e -> assertThat(e.exitCode()).isEqualTo(ExitCode.CORRUPT))
          .hasMessageContaining("a.tokens");
    }
  }

  @Test
  void anyFlippedBitIsFound() throws IOException {
    byte[] file = shard(new int[] {3, 1, 4, 1, 5, 9, 2, 6}, 10);
    for (int bit = 0; bit < file.length * 8; bit++) {
      byte[] flipped = file.clone();
      flipped[bit / 8] ^= (byte) (1 << bit % 8);
      assertThatThrownBy(() -> read(flipped, 65536))
          .isInstanceOfSatisfying(
              WordmillException.class, e -> assertThat(e.exitCode()).isEqualTo(ExitCode.CORRUPT));
    }
  }

  @Test
  void anIdOutsideTheVocabularyIsNamedWithItsPlace() throws IOException {
    byte[] file = shard(new int[] {3, 1, 9, 4}, 10);
    assertThatThrownBy(() -> read(file, 9))
        .isInstanceOfSatisfying(
            WordmillException.class, e -> assertThat(e.exitCode()).isEqualTo(ExitCode.BAD_INPUT))
        .hasMessageContaining("token id 9")
        .hasMessageContaining("vocabulary of 9")
        .hasMessageContaining("a.tokens at byte 28");
  }

  @Test
  void anIdOutsideTheVocabularyIsNotWritten() {
    assertThatThrownBy(() -> shard(new int[] {10}, 10))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void chainedPartsReadAsOneSequence() {
    TokenChain chain =
        new TokenChain(
            List.of(
                TokenArray.of(0, 1, 2),
                TokenArray.of(),
                TokenArray.of(3),
                TokenArray.of(70000, 5, 6)));
    int[] all = {0, 1, 2, 3, 70000, 5, 6};
    assertThat(chain.size()).isEqualTo(7);
    for (int from = 0; from <= 7; from++) {
      for (int length = 0; from + length <= 7; length++) {
        int[] into = new int[length + 1];
        chain.copy(from, into, 1, length);
        assertThat(Arrays.copyOfRange(into, 1, length + 1))
            .containsExactly(Arrays.copyOfRange(all, from, from + length));
      }
    }
    assertThatThrownBy(() -> chain.copy(5, new int[9], 0, 3))
        .isInstanceOf(IndexOutOfBoundsException.class);
  }

  private static byte[] shard(int[] ids, int vocabularySize) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    TokenShard.write(ids, vocabularySize, out);
    return out.toByteArray();
  }

  private static int[] read(byte[] file, int vocabularySize) throws IOException {
    Tokens tokens =
        TokenShard.read(new ByteArrayInputStream(file), file.length, "a.tokens", vocabularySize);
    int[] ids = new int[(int) tokens.size()];
    tokens.copy(0, ids, 0, ids.length);
    return ids;
  }
}
