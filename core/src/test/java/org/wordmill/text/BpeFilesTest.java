package org.wordmill.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Random;
import org.junit.jupiter.api.Test;
import org.wordmill.error.ExitCode;
import org.wordmill.error.WordmillException;

/** Files of byte pair encodings, whole, of others, and hostile. */
class BpeFilesTest {
  private static final ByteLevelBpe TOKENIZER =
      ByteLevelBpeTest.trained("the wheel of the mill is the wheel of the miller\n".repeat(3), 280);
  private static final String JSON = BpeFiles.tokenizer(TOKENIZER);

  private static void assertRefused(String file, String... parts) {
    assertThatThrownBy(() -> TokenizerFiles.read(file, "tok.json"))
        .isInstanceOfSatisfying(
            WordmillException.class, e -> assertThat(e.exitCode()).isEqualTo(ExitCode.CORRUPT))
        .hasMessageContaining("tok.json")
        .hasMessageContainingAll(parts);
  }

  @Test
  void everyFormGivesBackTheSameTokenizer() {
    assertThat(TokenizerFiles.read(JSON, "f")).isEqualTo(TOKENIZER);
    String vocabulary = BpeFiles.vocabulary(TOKENIZER);
    String merges = BpeFiles.merges(TOKENIZER);
    assertThat(vocabulary).startsWith("{\"<|endoftext|>\":0,\"!\":1,");
    assertThat(merges).startsWith("#version: 0.2\n").contains("Ġ the").endsWith("\n");
    assertThat(BpeFiles.read(vocabulary, merges, "d")).isEqualTo(TOKENIZER);
    assertThat(BpeFiles.read(vocabulary, merges.replace("\n", "\r\n"), "d")).isEqualTo(TOKENIZER);
  }

  @Test
  void mergesMayBeListsOfTwoAndTheSpecialTokenMayStandBesideTheVocabulary() {
    String lists = JSON.replace("{\"<|endoftext|>\":0,", "{");
    for (ByteLevelBpe.Merge merge : TOKENIZER.merges()) {
      lists =
          lists.replace(
              "\"" + merge.left() + " " + merge.right() + "\"",
              "[\"" + merge.left() + "\",\"" + merge.right() + "\"]");
    }
    assertThat(lists).contains("[\"Ġ\",\"the\"]").doesNotContain("\"<|endoftext|>\":0");
    assertThat(TokenizerFiles.read(lists, "f")).isEqualTo(TOKENIZER);
  }

  @Test
  void aTokenizerThatWouldCutInAnotherWayIsRefused() {
    assertRefused(JSON.replace("\"type\":\"BPE\"", "\"type\":\"Unigram\""), "Unigram", "BPE");
    assertRefused(JSON.replace("\"normalizer\":null", "\"normalizer\":{\"type\":\"NFC\"}"), "NFC");
    assertRefused(JSON.replace("ByteLevel", "Whitespace"), "pre-tokenizer", "Whitespace");
    assertRefused(JSON.replace("\"add_prefix_space\":false", "\"add_prefix_space\":true"), "space");
    assertRefused(JSON.replace("\"use_regex\":true", "\"use_regex\":false"), "pre-tokenizer");
    assertRefused(JSON.replace("\"dropout\":null", "\"dropout\":0.1"), "dropout", "0.1");
    assertRefused(JSON.replace("\"ignore_merges\":false", "\"ignore_merges\":true"), "ignore");
    assertRefused(JSON.replace("\"lstrip\":false", "\"lstrip\":true"), "lstrip", "endoftext");
  }

  @Test
  void aVocabularyThatDoesNotFitItsMergesIsRefused() {
    assertRefused(JSON.replace("\"!\":1,", ""), "no token has the id 1");
    assertRefused(JSON.replace("\"!\":1,", "\"!\":2,"), "id 2", "'!'");
    assertRefused(JSON.replace("\"!\":1,", "\"!\":\"1\","), "'!'");
    assertRefused(JSON.replace("\"!\":1,", "\"!!\":1,"), "lacks byte 33");
    assertRefused(JSON.replace("\"!\":1,", "\"!\":1e99,"), "'!'");
    assertRefused(JSON.replace("\"Ġ the\"", "\"Ġ zz\""), "'zz'", "merge");
    assertRefused(JSON.replace("\"Ġ the\"", "\"Ġthe\""), "'Ġthe'", "merge");
    assertRefused(JSON.replace("\"Ġ the\"", "\"Ġ the\",\"Ġ the\""), "there before");
    assertRefused(JSON.replace("\"Ġ the\"", "7"), "7", "pair");
    assertRefused(JSON.replace("\"merges\":[", "\"merges\":null,\"x\":["), "merges");
    assertRefused(JSON.replace("\"vocab\":{", "\"vocab\":[],\"x\":{"), "vocab");
    assertThatThrownBy(() -> BpeFiles.read("{}", "", "dir")).hasMessageContaining("byte 0");
    assertThatThrownBy(() -> BpeFiles.read("[]", "", "dir")).hasMessageContaining("vocab.json");
    assertThatThrownBy(
            () -> BpeFiles.read(BpeFiles.vocabulary(TOKENIZER), "#version: 0.2\na\n", "dir"))
        .hasMessageContaining("merges.txt:2");
  }

  @Test
  void flippedBitsNeverGiveAnythingButOneFaultOrATokenizer() {
    Random random = new Random(5);
    for (int round = 0; round < 2000; round++) {
      StringBuilder file = new StringBuilder(JSON);
      int at = random.nextInt(file.length());
      file.setCharAt(at, (char) (file.charAt(at) ^ 1 << random.nextInt(7)));
      try {
        assertThat(TokenizerFiles.read(file.toString(), "f")).isInstanceOf(ByteLevelBpe.class);
      } catch (WordmillException e) {
        assertThat(e.exitCode()).isEqualTo(ExitCode.CORRUPT);
      }
    }
  }
}
