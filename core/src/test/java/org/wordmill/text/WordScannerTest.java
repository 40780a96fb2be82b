package org.wordmill.text;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.wordmill.error.ExitCode;
import org.wordmill.error.WordmillException;
import org.wordmill.text.TextPolicy.Malformed;
import org.wordmill.text.TextPolicy.Reserved;

class WordScannerTest {
  private static final Pattern WHITE_SPACE = Pattern.compile("[\\x00\\t\\n\\r ]+");

  @Test
  void onlyFiveBytesSeparateWords() {
    assertThat(words("a\0b\tc\rd e\n")).containsExactly("a", "b", "c", "d", "e");
    assertThat(words("a\u00A0b\u2028c\u000Bd\u0085e\u000Cf")).hasSize(1);
    assertThat(words("")).isEmpty();
    assertThat(words(" \t\r\n")).isEmpty();
  }

  @Test
  void wordsPointIntoTheCallersArrayWhenTheLineIsWellFormed() {
    byte[] line = "..Żółw je sałatę..".getBytes(UTF_8);
    WordScanner scanner = new WordScanner(TextPolicy.DEFAULT);
    assertThat(scanner.scan(line, 2, line.length - 4, "f", 100)).isEqualTo(3);
    assertThat(scanner.bytes()).isSameAs(line);
    assertThat(scanner.word(0)).isEqualTo("Żółw");
    assertThat(scanner.word(2)).isEqualTo("sałatę");
  }

  @Test
  void byteOrderMarkIsStrippedAtTheBeginningOfAFileOnly() {
    byte[] line = "\uFEFFthe cat".getBytes(UTF_8);
    WordScanner scanner = new WordScanner(TextPolicy.DEFAULT);
    scanner.scan(line, 0, line.length, "f", 0);
    assertThat(scanner.word(0)).isEqualTo("the");
    scanner.scan(line, 0, line.length, "f", 12);
    assertThat(scanner.word(0)).isEqualTo("\uFEFFthe");
    assertThat(scanner.report().byteOrderMarks()).isEqualTo(1);
  }

  @Test
  void replacementIsWhatTheJdkDecoderDoesOnRandomBytes() {
    long seed = 20261122;
    Random random = new Random(seed);
    int[] interesting = {
      'a', 'b', ' ', 0x80, 0xBF, 0xC0, 0xC2, 0xDF, 0xE0, 0xA0, 0x9F, 0xEF, 0xF0, 0x90, 0x8F, 0xF4,
      0xF5, 0xFF, '\n', 0
    };
    WordScanner scanner = new WordScanner(TextPolicy.DEFAULT);
    for (int round = 0; round < 50_000; round++) {
      byte[] line = new byte[random.nextInt(24)];
      for (int i = 0; i < line.length; i++) {
        line[i] = (byte) interesting[random.nextInt(interesting.length)];
      }
      List<String> expected = new ArrayList<>();
      for (String word : WHITE_SPACE.split(new String(line, UTF_8))) {
        if (!word.isEmpty()) {
          expected.add(word);
        }
      }
      assertThat(words(scanner, line)).as("seed %d, round %d", seed, round).isEqualTo(expected);
    }
  }

  /** The Unicode Standard 15, tables 3-8 to 3-11. The JDK's String differs on surrogates. */
  @Test
  void replacementIsWhatTheUnicodeTablesShow() {
    assertThat(repaired(0xC0, 0xAF, 0xE0, 0x80, 0xBF, 0xF0, 0x81, 0x82, 'A'))
        .isEqualTo("\uFFFD".repeat(8) + "A");
    assertThat(repaired(0xED, 0xA0, 0x80, 0xED, 0xBF, 0xBF, 0xED, 0xAF, 'A'))
        .isEqualTo("\uFFFD".repeat(8) + "A");
    assertThat(repaired(0xF4, 0x91, 0x92, 0x93, 0xFF, 'A', 0x80, 0xBF, 'B'))
        .isEqualTo("\uFFFD".repeat(5) + "A\uFFFD\uFFFDB");
    assertThat(repaired(0xE1, 0x80, 0xE2, 0xF0, 0x91, 0x92, 0xF1, 0xBF, 'A'))
        .isEqualTo("\uFFFD".repeat(4) + "A");
  }

  private static String repaired(int... values) {
    byte[] line = new byte[values.length];
    for (int i = 0; i < line.length; i++) {
      line[i] = (byte) values[i];
    }
    return words(new WordScanner(TextPolicy.DEFAULT), line).get(0);
  }

  @Test
  void malformedBytesAreCountedWithTheirPlaces() {
    WordScanner scanner = new WordScanner(TextPolicy.DEFAULT);
    for (int i = 0; i < 30; i++) {
      byte[] line = "ab \u00FF\u00FE c".getBytes(ISO_8859_1);
      assertThat(scanner.scan(line, 0, line.length, "f", 100 * i + 1)).isEqualTo(3);
    }
    TextReport report = scanner.report();
    assertThat(report.malformedLines()).isEqualTo(30);
    assertThat(report.malformedParts()).isEqualTo(60);
    assertThat(report.malformedPlaces()).hasSize(20);
    assertThat(report.malformedPlaces().get(1)).hasToString("f at byte 104");
    assertThat(report.plus(report).malformedPlaces()).hasSize(20);
    assertThat(report.plus(report).words()).isEqualTo(180);
  }

  @Test
  void strictPolicyStopsAtTheFirstMalformedByte() {
    WordScanner scanner = new WordScanner(TextPolicy.DEFAULT.withMalformed(Malformed.STRICT));
    byte[] line = "ab c\u00E4".getBytes(ISO_8859_1);
    assertThatThrownBy(() -> scanner.scan(line, 0, line.length, "book.txt", 1000))
        .isInstanceOfSatisfying(
            WordmillException.class, e -> assertThat(e.exitCode()).isEqualTo(ExitCode.BAD_INPUT))
        .hasMessageContaining("0xE4")
        .hasMessageContaining("book.txt at byte 1004");
  }

  @Test
  void malformedLinesCanBeDropped() {
    WordScanner scanner = new WordScanner(TextPolicy.DEFAULT.withMalformed(Malformed.DROP_LINE));
    byte[] line = "ab c\u00E4".getBytes(ISO_8859_1);
    assertThat(scanner.scan(line, 0, line.length, "f", 0)).isEqualTo(-1);
    assertThat(scanner.scan(line, 0, 4, "f", 0)).isEqualTo(2);
    assertThat(scanner.report().droppedLines()).isEqualTo(1);
    assertThat(scanner.report().words()).isEqualTo(2);
  }

  @Test
  void reservedWordsAreAnErrorWithThePlace() {
    for (String reserved : List.of("<s>", "</s>", "<unk>")) {
      assertThatThrownBy(() -> words("a " + reserved + " b"))
          .isInstanceOf(WordmillException.class)
          .hasMessageContaining(reserved)
          .hasMessageContaining("f at byte 2")
          .hasMessageContaining("--skip-symbols");
    }
    assertThat(words("<s>x <unk <S> < <unks>")).hasSize(5);
  }

  @Test
  void reservedWordsCanBeWhiteSpaceOrUnknown() {
    byte[] line = "a <s> b </s> <unk>".getBytes(UTF_8);
    WordScanner skip = new WordScanner(TextPolicy.DEFAULT.withReserved(Reserved.SKIP));
    assertThat(words(skip, line)).containsExactly("a", "b");
    assertThat(skip.report().reservedWords()).isEqualTo(3);
    WordScanner unknown = new WordScanner(TextPolicy.DEFAULT.withReserved(Reserved.UNKNOWN));
    assertThat(words(unknown, line)).containsExactly("a", "?", "b", "?", "?");
  }

  @Test
  void excessiveWordsBecomeUnknownAndExcessiveLinesAreRefused() {
    TextPolicy policy = TextPolicy.DEFAULT.withMaxLineBytes(12).withMaxWordBytes(4);
    WordScanner scanner = new WordScanner(policy);
    assertThat(words(scanner, "abcd abcde x".getBytes(UTF_8))).containsExactly("abcd", "?", "x");
    assertThat(scanner.report().longWords()).isEqualTo(1);
    assertThatThrownBy(() -> words(scanner, "abcd abcde xy".getBytes(UTF_8)))
        .isInstanceOf(WordmillException.class)
        .hasMessageContaining("longer than 12 bytes");
  }

  @Test
  void nulBytesAreWhiteSpaceAndCounted() {
    WordScanner scanner = new WordScanner(TextPolicy.DEFAULT);
    assertThat(words(scanner, "\0a\0\0b".getBytes(UTF_8))).containsExactly("a", "b");
    assertThat(scanner.report().nulBytes()).isEqualTo(3);
  }

  private static List<String> words(String line) {
    return words(new WordScanner(TextPolicy.DEFAULT), line.getBytes(UTF_8));
  }

  private static List<String> words(WordScanner scanner, byte[] line) {
    List<String> words = new ArrayList<>();
    int n = scanner.scan(line, 0, line.length, "f", 0);
    for (int i = 0; i < n; i++) {
      words.add(scanner.isUnknown(i) ? "?" : scanner.word(i));
    }
    return words;
  }
}
