package org.wordmill.text;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.huggingface.tokenizers.jni.LibUtils;
import ai.djl.huggingface.tokenizers.jni.TokenizersLibrary;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Ids equal those of Hugging Face's tokenizers; bytes come back as they were. */
class ByteLevelBpeTest {
  private static final long SEED = 20260;

  /** Contractions, code, white space of all kinds, scripts, digits, emoji, marks and controls. */
  private static final List<String> PARTS =
      List.of(
          "the mill",
          " wheel's",
          "'tis we'll they've I'm he'd you're DON'T it''s 's",
          "for (int i = 0; i < n; i++) {\n    x[i] += 1;\n}\n",
          "\t\tif a:\r\n\r\n",
          "  ",
          "   \n \n\n",
          "\u00A0 \u0085\u2028\u3000\u2003x",
          "\u001C\u001F\u200B\uFEFF\u180E\u0000",
          "größer Straße naïve",
          "水車は粉を挽く。",
          "방앗간 물레 ",
          "мельница ١٢٣ ½ Ⅷ 12345",
          " 😀👩‍👩‍👧🇩🇪 ",
          "e\u0301a\u0308 नमस्ते ไทย",
          "\uFFFD\uFFFD",
          "____!!!...---===>>> <<<",
          "https://example.org/a?b=c&d=%20#e",
          "a b c d e f",
          "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
          " ");

  private static ByteLevelBpe tokenizer;
  private static long oracle;

  @BeforeAll
  static void trainOnAllOfIt() {
    tokenizer = trained(String.join("\n", PARTS).repeat(3) + mixture(new Random(SEED), 2000), 1200);
    System.setProperty("ai.djl.offline", "true");
    LibUtils.checkStatus();
    oracle = TokenizersLibrary.LIB.createTokenizerFromString(TokenizerFiles.write(tokenizer));
  }

  @AfterAll
  static void close() {
    TokenizersLibrary.LIB.deleteTokenizer(oracle);
  }

  static ByteLevelBpe trained(String text, int vocabularySize) {
    PieceCounts counts = new PieceCounts(1000);
    counts.add(text);
    BpeTrainer trainer = new BpeTrainer(vocabularySize, 2, List.of(ByteLevelBpe.END_OF_TEXT));
    counts.forEach(trainer::add);
    return trainer.train();
  }

  private static String mixture(Random random, int parts) {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < parts; i++) {
      String part = PARTS.get(random.nextInt(PARTS.size()));
      int from = part.offsetByCodePoints(0, random.nextInt(part.codePointCount(0, part.length())));
      text.append(part, from, part.length());
    }
    return text.toString();
  }

  private static int[] expected(String text) {
    long encoding = TokenizersLibrary.LIB.encode(oracle, text, true);
    try {
      return Arrays.stream(TokenizersLibrary.LIB.getTokenIds(encoding))
          .mapToInt(Math::toIntExact)
          .toArray();
    } finally {
      TokenizersLibrary.LIB.deleteEncoding(encoding);
    }
  }

  @Test
  void idsOfMixedTextAreThoseOfHuggingFace() {
    assertThat(tokenizer.merges()).hasSizeGreaterThan(200);
    Random random = new Random(SEED + 1);
    for (int round = 0; round < 300; round++) {
      String text = mixture(random, 1 + random.nextInt(20));
      assertThat(tokenizer.encode(text)).as(text).isEqualTo(expected(text));
    }
  }

  @Test
  void everyCharacterBetweenOthersHasTheIdsOfHuggingFace() {
    StringBuilder text = new StringBuilder();
    for (int c = 0; c <= Character.MAX_CODE_POINT; c += c < 0x3100 ? 1 : 61) {
      // What came after the platform's Unicode has no class yet.
      if (Character.isDefined(c) && (c < 0xD800 || c > 0xDFFF)) {
        text.append("a").appendCodePoint(c).append("1 ").appendCodePoint(c).append("  ");
      }
    }
    assertThat(tokenizer.encode(text.toString())).isEqualTo(expected(text.toString()));
  }

  @Test
  void brokenUtf8HasTheIdsOfTheReplacedTextAndItsBytesCanComeBack() {
    Random random = new Random(SEED + 2);
    for (int round = 0; round < 300; round++) {
      byte[] bytes = mixture(random, 4).getBytes(UTF_8);
      for (int i = 0; i < 5; i++) {
        bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
      }
      String replaced = new String(bytes, UTF_8);
      assertThat(tokenizer.encode(replaced)).isEqualTo(expected(replaced));
      assertThat(tokenizer.decodeBytes(tokenizer.encode(bytes, 0, bytes.length))).isEqualTo(bytes);
      assertThat(tokenizer.decode(tokenizer.encode(bytes, 0, bytes.length))).isEqualTo(replaced);
    }
  }

  @Test
  void theSameIdsComeWithAndWithoutTheCache() {
    String text = mixture(new Random(SEED + 3), 100);
    int[] first = tokenizer.encode(text);
    assertThat(tokenizer.encode(text)).isEqualTo(first);
    ByteLevelBpe fresh = (ByteLevelBpe) TokenizerFiles.read(TokenizerFiles.write(tokenizer), "f");
    assertThat(fresh.encode(text)).isEqualTo(first);
    assertThat(tokenizer.decode(first)).isEqualTo(text);
  }

  @Test
  void aLongPieceIsMergedAsALoopOverAllPairsWould() {
    Random random = new Random(SEED + 4);
    for (int round = 0; round < 200; round++) {
      StringBuilder piece = new StringBuilder();
      for (int i = 40 + random.nextInt(60); i > 0; i--) {
        piece.append("the millwseaa".charAt(random.nextInt(13)));
      }
      String letters = piece.toString().replace(" ", "");
      assertThat(tokenizer.encode(letters)).isEqualTo(naive(letters));
    }
  }

  @Test
  void aPieceOfAMillionLettersIsNoTrouble() {
    String text = "millwheel".repeat(120_000);
    assertThat(tokenizer.decode(tokenizer.encode(text))).isEqualTo(text);
  }

  private static int[] naive(String letters) {
    List<String> symbols = new ArrayList<>(Arrays.asList(letters.split("")));
    List<ByteLevelBpe.Merge> merges = tokenizer.merges();
    while (true) {
      int best = -1;
      int rank = merges.size();
      for (int i = 0; i + 1 < symbols.size(); i++) {
        int found = merges.indexOf(new ByteLevelBpe.Merge(symbols.get(i), symbols.get(i + 1)));
        if (found >= 0 && found < rank) {
          rank = found;
          best = i;
        }
      }
      if (best < 0) {
        return symbols.stream().mapToInt(tokenizer.vocabulary()::id).toArray();
      }
      symbols.set(best, symbols.get(best) + symbols.remove(best + 1));
    }
  }

  @Test
  void aSurrogateWithoutAPartnerBecomesTheReplacementCharacter() {
    String text = "a\uD83D b\uDE00\uD83D\uDE00\uD83D";
    assertThat(tokenizer.decode(tokenizer.encode(text))).isEqualTo("a\uFFFD b\uFFFD😀\uFFFD");
  }

  @Test
  void textForgesNoSpecialTokenUnlessItMay() {
    String text = "one<|endoftext|>two<|endoftext|>";
    assertThat(tokenizer.encode(text)).doesNotContain(0);
    assertThat(tokenizer.decode(tokenizer.encode(text))).isEqualTo(text);
    assertThat(tokenizer.encodeWithSpecials(text))
        .isEqualTo(expected(text))
        .startsWith(tokenizer.encode("one"))
        .endsWith(0);
  }

  @Test
  void bytesAreWrittenAsGpt2WritesThem() {
    assertThat(tokenizer.vocabulary().tokens().subList(0, 4))
        .containsExactly("<|endoftext|>", "!", "\"", "#");
    assertThat(ByteAlphabet.character(' ')).isEqualTo('Ġ');
    assertThat(ByteAlphabet.character('\n')).isEqualTo('Ċ');
    assertThat(ByteAlphabet.character(0xAD)).isEqualTo('Ń');
    assertThat(tokenizer.vocabulary().lineEnd()).isEqualTo(tokenizer.vocabulary().id("Ċ"));
  }
}
