package org.wordmill.text;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Text from tokens as they come, against the text of all of them. */
class DecoderTest {
  private static final List<String> BYTES =
      IntStream.range(0, ByteAlphabet.SIZE)
          .mapToObj(b -> String.valueOf(ByteAlphabet.character(b)))
          .toList();
  private static final ByteLevelBpe BPE =
      new ByteLevelBpe(new Vocabulary(BYTES), List.of(), List.of());

  private static List<String> pieces(Tokenizer tokenizer, int... tokens) {
    Decoder decoder = tokenizer.decoder();
    List<String> pieces = new ArrayList<>();
    for (int token : tokens) {
      pieces.add(decoder.next(token));
    }
    pieces.add(decoder.end());
    return pieces;
  }

  @Test
  void aSpaceStandsBetweenWordsAndNotBeforeTheFirst() {
    WhitespaceWords words = new WhitespaceWords(new Vocabulary(List.of("<unk>", "the", "mill")));
    assertThat(pieces(words, 1, 2, 1)).containsExactly("the", " mill", " the", "");
  }

  @Test
  void charactersComeOneByOne() {
    Characters characters = Characters.fromText("ab\n😀");
    assertThat(pieces(characters, characters.encode("a😀\nb")))
        .containsExactly("a", "😀", "\n", "b", "");
  }

  @Test
  void aCharacterWhoseBytesAreTokensWaitsForTheLast() {
    assertThat(pieces(BPE, BPE.encode("é😀x"))).containsExactly("", "é", "", "", "", "😀", "x", "");
  }

  @Test
  void bytesThatBecomeNoCharacterAreReplacedWhereThatIsCertain() {
    byte[] text = {(byte) 0xE2, (byte) 0x80, 'x', (byte) 0xF0};
    assertThat(pieces(BPE, BPE.encode(text, 0, text.length)))
        .containsExactly("", "", "\uFFFDx", "", "\uFFFD");
  }

  @Test
  void whateverTheBytesThePiecesAreTheWhole() {
    Random random = new Random(11);
    for (int round = 0; round < 2000; round++) {
      byte[] text = new byte[random.nextInt(12)];
      random.nextBytes(text);
      if (round % 2 == 0) {
        text = new String(text, StandardCharsets.UTF_16LE).getBytes(StandardCharsets.UTF_8);
      }
      int[] tokens = BPE.encode(text, 0, text.length);
      assertThat(String.join("", pieces(BPE, tokens))).isEqualTo(BPE.decode(tokens));
    }
  }
}
