package org.wordmill.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.wordmill.error.WordmillException;

/** Words and tags with their ids, and what is usual. */
class TaggedWordsTest {
  private static TaggedSentence sentence(String... tagged) {
    return new TaggedSentence(
        List.of(tagged).stream().map(t -> t.substring(0, t.lastIndexOf('/'))).toList(),
        List.of(tagged).stream().map(t -> t.substring(t.lastIndexOf('/') + 1)).toList());
  }

  private static TagCounts counts() {
    TagCounts counts = new TagCounts();
    counts.add(sentence("the/D", "light/N", "and/C", "the/D", "lamp/N"));
    counts.add(sentence("light/V", "the/D", "light/N", "again/_", "again/_"));
    counts.add(sentence("rise/V", "and/C", "climb/V", "</s>/X", "odd/_"));
    return counts;
  }

  @Test
  void frequentWordsHaveIdsByFallingFrequencyAndRareOnesNone() {
    TaggedWords words = counts().words(2);
    assertThat(words.vocabulary().tokens())
        .containsExactly("<unk>", "</s>", "light", "the", "again", "and");
    assertThat(words.rare()).containsExactly("climb", "lamp", "odd", "rise");
    assertThat(words.tags().tokens()).containsExactly("C", "D", "N", "V", "X");
    assertThat(words.id("light")).isEqualTo(2);
    assertThat(words.id("lamp")).isEqualTo(TaggedWords.UNKNOWN);
    assertThat(words.id("zebra")).isEqualTo(TaggedWords.UNKNOWN);
    assertThat(words.isSeen("lamp")).isTrue();
    assertThat(words.isSeen("zebra")).isFalse();
  }

  @Test
  void theUsualTagIsTheMostFrequentAndOfNewWordsThatOfRareOnes() {
    TaggedWords words = counts().words(2);
    assertThat(words.usualTag("light")).isEqualTo("N");
    assertThat(words.usualTag("lamp")).isEqualTo("N");
    assertThat(words.usualTag("zebra")).isEqualTo("V");
    assertThat(words.usualTag("odd")).isEqualTo("V");
    assertThat(words.usualTag("again")).isEqualTo("V");
    // Without rare words, that of all words: D and N occur three times each.
    assertThat(counts().words(1).usualTag("zebra")).isEqualTo("D");
  }

  @Test
  void aSentenceBecomesPairsOfIdsAndAnEnd() {
    TaggedWords words = counts().words(2);
    TaggedSentence sentence = sentence("the/D", "zebra/N", "light/_", "the/NEW");
    assertThat(words.encode(sentence, 0, 4)).containsExactly(3, 7, 0, 8, 2, 11, 3, 11, 1);
    assertThat(words.encode(sentence, 1, 2)).containsExactly(0, 8, 1);
    assertThat(words.codes()).isEqualTo(12);
  }

  @Test
  void aTextCannotForgeTheEndOfASentence() {
    TaggedWords words = counts().words(1);
    int tag = words.vocabulary().size() + words.tags().id("X");
    assertThat(words.encode(sentence("</s>/X", "<unk>/X"), 0, 2))
        .containsExactly(0, tag, 0, tag, 1);
    assertThat(words.id("</s>")).isEqualTo(TaggedWords.UNKNOWN);
    assertThat(words.encode("light </s> the")).containsExactly(2, 0, 3);
    assertThat(words.isSeen("</s>")).isFalse();
  }

  @Test
  void countsOfPartsAddUp() {
    TagCounts twice = counts();
    counts().forEach(twice::add);
    assertThat(twice.words(4)).isEqualTo(counts().words(2));
    assertThat(counts().isUntagged()).isFalse();
    TagCounts none = new TagCounts();
    none.add(sentence("a/_"));
    assertThat(none.isUntagged()).isTrue();
  }

  @Test
  void theFileBringsBackTheSame() {
    TaggedWords words = counts().words(2);
    String file = TokenizerFiles.write(words);
    assertThat(TokenizerFiles.read(file, "t.json")).isEqualTo(words);
    assertThat(TokenizerFiles.write(TokenizerFiles.read(file, "t.json"))).isEqualTo(file);
  }

  @Test
  void aDamagedFileIsRefused() {
    String file = TokenizerFiles.write(counts().words(2));
    for (String bad :
        List.of(
            file.replace("\"<unk>\",\"</s>\"", "\"</s>\",\"<unk>\""),
            file.replace("\"lamp\"", "\"light\""),
            file.replace("\"usual\":[", "\"usual\":[9,"),
            file.replace("\"usual\":[", "\"usual\":[1,"),
            file.replace("\"tags\"", "\"togs\""),
            file.replace("\"rare\":[", "\"rare\":[7,"))) {
      assertThat(bad).isNotEqualTo(file);
      assertThatThrownBy(() -> TokenizerFiles.read(bad, "t.json"))
          .isInstanceOf(WordmillException.class)
          .hasMessageContaining("t.json");
    }
  }
}
