package org.wordmill.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
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
  void anIdOutsideTheVocabularyIsRefusedByWhoeverReadsItsRangeAndOnlyThen() throws IOException {
    byte[] file = shard(new int[] {3, 1, 70_000, 4}, 100_000);
    ByteRange bytes = (position, length) -> ByteBuffer.wrap(file).slice((int) position, length);
    ShardTokens tokens = ShardTokens.open(bytes, file.length, "a.tokens", 9);
    int[] into = new int[2];
    tokens.copy(0, into, 0, 2);
    assertThat(into).containsExactly(3, 1);
    assertThatThrownBy(() -> tokens.copy(1, into, 0, 2))
        .hasMessageContaining("token id 70000")
        .hasMessageContaining("a.tokens at byte 32");
    assertThatThrownBy(() -> tokens.copy(3, into, 0, 2))
        .isInstanceOf(IndexOutOfBoundsException.class);
  }

  @Test
  void anyRangeOfAMappedFileIsThatOfTheArray(@TempDir Path folder) throws IOException {
    for (int vocabulary : new int[] {65_536, 65_537}) {
      int[] ids = new SplittableRandom(7).ints(500, 0, vocabulary).toArray();
      ids[3] = vocabulary - 1;
      Path file = Files.write(folder.resolve("a.tokens"), shard(ids, vocabulary));
      ShardTokens tokens =
          ShardTokens.open(ByteRange.mapped(file), Files.size(file), "a.tokens", vocabulary);
      assertThat(tokens.width()).isEqualTo(vocabulary == 65_536 ? 2 : 4);
      assertThat(tokens.verify()).isEqualTo(TokenShard.write(ids, vocabulary, nowhere()));
      for (int from : new int[] {0, 1, 3, 250, 499, 500}) {
        int[] into = new int[600];
        tokens.copy(from, into, 50, 500 - from);
        assertThat(Arrays.copyOfRange(into, 50, 550 - from))
            .containsExactly(Arrays.copyOfRange(ids, from, 500));
      }
    }
  }

  private static OutputStream nowhere() {
    return OutputStream.nullOutputStream();
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

  private static int[] read(byte[] file, int vocabularySize) {
    ByteRange bytes = (position, length) -> ByteBuffer.wrap(file).slice((int) position, length);
    ShardTokens tokens = ShardTokens.open(bytes, file.length, "a.tokens", vocabularySize);
    tokens.verify();
    int[] ids = new int[(int) tokens.size()];
    tokens.copy(0, ids, 0, ids.length);
    return ids;
  }
}
