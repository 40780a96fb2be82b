package org.wordmill.text;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.wordmill.text.TextPolicy.Reserved;

/** Words that are reserved, and characters that may be white space. */
class UnusualWordsTest {
  private static final TextPolicy ESCAPING = TextPolicy.DEFAULT.withReserved(Reserved.ESCAPE);
  private static final TextPolicy UNICODE = TextPolicy.DEFAULT.withUnicodeSpace(true);

  @Test
  void escapedWordsStandBehindABackslash() {
    WordScanner scanner = new WordScanner(ESCAPING);
    assertThat(words(scanner, "a <s> b </s> <unk> <S> c"))
        .containsExactly("a", "\\<s>", "b", "\\</s>", "\\<unk>", "<S>", "c");
    assertThat(scanner.report().reservedWords()).isEqualTo(3);
    assertThat(words(scanner, "plain words")).containsExactly("plain", "words");
  }

  /** Taking one backslash away gives the text back, so no two words become one. */
  @Test
  void whatLooksEscapedIsEscapedOnceMore() {
    WordScanner scanner = new WordScanner(ESCAPING);
    assertThat(words(scanner, "\\<s> <s> \\\\</s> \\ \\\\ \\<x> a\\<s>"))
        .containsExactly("\\\\<s>", "\\<s>", "\\\\\\</s>", "\\", "\\\\", "\\<x>", "a\\<s>");
    assertThat(scanner.report().reservedWords()).isEqualTo(1);
    assertThat(words(new WordScanner(TextPolicy.DEFAULT), "\\<s>")).containsExactly("\\<s>");
  }

  @Test
  void aLineOfReservedWordsOnlyIsEscapedInLittleTime() {
    WordScanner scanner = new WordScanner(ESCAPING);
    List<String> words = words(scanner, "<s> ".repeat(200_000));
    assertThat(words).hasSize(200_000).allMatch("\\<s>"::equals);
  }

  @Test
  void malformedLinesAreEscapedToo() {
    WordScanner scanner = new WordScanner(ESCAPING);
    byte[] line = "..<s> \u00FF <s>".getBytes(ISO_8859_1);
    assertThat(scanner.scan(line, 2, line.length - 2, "f", 7)).isEqualTo(3);
    assertThat(List.of(scanner.word(0), scanner.word(1), scanner.word(2)))
        .containsExactly("\\<s>", "\uFFFD", "\\<s>");
  }

  @Test
  void tooLongWordsAreUnknownHoweverTheyBegin() {
    WordScanner scanner = new WordScanner(ESCAPING.withMaxWordBytes(6));
    assertThat(words(scanner, "\\\\\\\\<s> \\\\<s>")).containsExactly("?", "\\\\\\<s>");
  }

  /** KenLM takes them as parts of words: its issue 247 is about a vertical tab. */
  @Test
  void controlCharactersArePartsOfWordsAndCounted() {
    WordScanner scanner = new WordScanner(TextPolicy.DEFAULT);
    assertThat(words(scanner, "a\u000Bb \u0001 c\u0085d \u007F \u009F \u00A0 e\tf\0g\r"))
        .containsExactly(
            "a\u000Bb", "\u0001", "c\u0085d", "\u007F", "\u009F", "\u00A0", "e", "f", "g");
    assertThat(scanner.report().controlCharacters()).isEqualTo(5);
    assertThat(scanner.report().nulBytes()).isEqualTo(1);
    assertThat(scanner.report().unicodeSpaces()).isZero();
  }

  @Test
  void unicodeSpaceSeparatesWordsOnDemand() {
    WordScanner scanner = new WordScanner(UNICODE);
    assertThat(words(scanner, "a\u000Bb\u0085c\u00A0d\u2028e\u3000f\u200Bg h\u001Fi"))
        .containsExactly("a", "b", "c", "d", "e", "f\u200Bg", "h", "i");
    assertThat(scanner.report().unicodeSpaces()).isEqualTo(6);
    assertThat(scanner.report().controlCharacters()).isZero();
    byte[] line = "a\u00A0<s>".getBytes(UTF_8);
    WordScanner escaping = new WordScanner(UNICODE.withReserved(Reserved.ESCAPE));
    assertThat(escaping.scan(line, 0, line.length, "f", 0)).isEqualTo(2);
    assertThat(escaping.word(1)).isEqualTo("\\<s>");
    assertThat(line).isEqualTo("a\u00A0<s>".getBytes(UTF_8));
  }

  /** The JDK knows the categories of every character. */
  @Test
  void theWhiteSpaceIsThatOfUnicode() {
    WordScanner scanner = new WordScanner(UNICODE);
    for (int c = 0; c <= Character.MAX_CODE_POINT; c++) {
      if (c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE) {
        continue;
      }
      boolean separates =
          switch (Character.getType(c)) {
            case Character.CONTROL,
                Character.SPACE_SEPARATOR,
                Character.LINE_SEPARATOR,
                Character.PARAGRAPH_SEPARATOR ->
                true;
            default -> false;
          };
      assertThat(words(scanner, "a" + Character.toString(c) + "b").size())
          .as("U+%04X", c)
          .isEqualTo(separates ? 2 : 1);
    }
  }

  private static List<String> words(WordScanner scanner, String line) {
    List<String> words = new ArrayList<>();
    byte[] bytes = line.getBytes(UTF_8);
    int n = scanner.scan(bytes, 0, bytes.length, "f", 1);
    for (int i = 0; i < n; i++) {
      words.add(scanner.isUnknown(i) ? "?" : scanner.word(i));
    }
    return words;
  }
}
