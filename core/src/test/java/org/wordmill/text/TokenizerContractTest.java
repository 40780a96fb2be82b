package org.wordmill.text;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.wordmill.error.ExitCode;
import org.wordmill.error.WordmillException;

/** What holds for every tokenizer, and the ids of each. */
class TokenizerContractTest {
  private static final String TEXT = "to be or not to be\nπ is 3.14 😀";

  static List<Tokenizer> tokenizers() throws IOException {
    return List.of(
        Characters.fromText(TEXT), words(TEXT), ByteLevelBpeTest.trained(TEXT.repeat(3), 270));
  }

  /** Those whose vocabulary is closed. */
  static List<Tokenizer> withUnknown() throws IOException {
    return tokenizers().subList(0, 2);
  }

  @ParameterizedTest
  @MethodSource("tokenizers")
  void decodingWhatWasEncodedGivesTheTextUpToWhiteSpace(Tokenizer tokenizer) {
    assertThat(tokenizer.decode(tokenizer.encode(TEXT))).isEqualToNormalizingWhitespace(TEXT);
    assertThat(tokenizer.encode("")).isEmpty();
  }

  @ParameterizedTest
  @MethodSource("withUnknown")
  void whatIsNotInTheVocabularyIsUnknown(Tokenizer tokenizer) {
    assertThat(tokenizer.encode("Z")).containsExactly(tokenizer.vocabulary().unknown());
  }

  @ParameterizedTest
  @MethodSource("tokenizers")
  void filesGiveBackTheSameTokenizer(Tokenizer tokenizer) {
    String file = TokenizerFiles.write(tokenizer);
    assertThat(TokenizerFiles.read(file, "f")).isEqualTo(tokenizer);
    assertThat(TokenizerFiles.write(TokenizerFiles.read(file, "f"))).isEqualTo(file);
  }

  @ParameterizedTest
  @MethodSource("tokenizers")
  void aFileCutAnywhereIsRefused(Tokenizer tokenizer) {
    String file = TokenizerFiles.write(tokenizer).strip();
    for (int length = 0; length < file.length(); length++) {
      String cut = file.substring(0, length);
      assertThatThrownBy(() -> TokenizerFiles.read(cut, "tok.json"))
          .isInstanceOfSatisfying(
              WordmillException.class, e -> assertThat(e.exitCode()).isEqualTo(ExitCode.CORRUPT))
          .hasMessageContaining("tok.json");
    }
  }

  @Test
  void characterIdsFollowTheCodePointsAndUnknownIsLast() {
    Characters characters = Characters.fromText("ba\nab😀");
    assertThat(characters.vocabulary().tokens()).containsExactly("\n", "a", "b", "😀", "<unk>");
    assertThat(characters.encode("a😀\nz")).containsExactly(1, 3, 0, 4);
    assertThat(characters.decode(new int[] {1, 4})).isEqualTo("a\uFFFD");
  }

  @Test
  void wordIdsFollowFrequency() throws IOException {
    assertThat(words("b a b c a b").vocabulary().tokens())
        .containsExactly("<unk>", "<s>", "</s>", "b", "a", "c");
  }

  @Test
  void rareWordsCanBeLeftOut() throws IOException {
    WhitespaceWords words =
        WhitespaceWords.fromText(
            new ByteArrayInputStream("b a b".getBytes(UTF_8)), "f", TextPolicy.DEFAULT, 2);
    assertThat(words.encode("a b")).containsExactly(0, 3);
  }

  @Test
  void eachLineOfACorpusEndsInAnEvent() throws IOException {
    WhitespaceWords words = words("b a b");
    assertThat(words.encodeLines("a b\n\n b ?\r\na")).containsExactly(4, 3, 2, 2, 3, 0, 2, 4, 2);
    assertThat(words.encodeLines("a\n")).containsExactly(4, 2);
    assertThat(words.encodeLines("")).isEmpty();
    assertThat(Characters.fromText("a\n").encodeLines("a\na")).containsExactly(1, 0, 1);
  }

  @Test
  void textCannotForgeASentenceBoundary() throws IOException {
    assertThat(words("a b").encode("a </s> <s> <unk>")).containsExactly(3, 0, 0, 0);
  }

  @Test
  void filesWithAnotherContentAreRefused() {
    for (String file :
        List.of(
            "{}",
            "[]",
            "{\"format\":\"wordmill-tokenizer\",\"version\":2,\"kind\":\"words\",\"tokens\":[]}",
            "{\"format\":\"wordmill-tokenizer\",\"version\":1,\"kind\":\"cars\",\"tokens\":[]}",
            "{\"format\":\"wordmill-tokenizer\",\"version\":1,\"kind\":\"words\",\"tokens\":[1]}",
            "{\"format\":\"wordmill-tokenizer\",\"version\":1,\"kind\":\"words\",\"tokens\":[]}",
            "{\"format\":\"wordmill-tokenizer\",\"version\":1,\"kind\":\"characters\","
                + "\"tokens\":[\"ab\",\"<unk>\"]}",
            "{\"format\":\"wordmill-tokenizer\",\"version\":1,\"kind\":\"words\","
                + "\"tokens\":[\"<unk>\",\"a\",\"a\"]}")) {
      assertThatThrownBy(() -> TokenizerFiles.read(file, "f"))
          .as(file)
          .isInstanceOf(WordmillException.class);
    }
  }

  private static WhitespaceWords words(String text) throws IOException {
    return WhitespaceWords.fromText(
        new ByteArrayInputStream(text.getBytes(UTF_8)), "f", TextPolicy.DEFAULT, 1);
  }
}
