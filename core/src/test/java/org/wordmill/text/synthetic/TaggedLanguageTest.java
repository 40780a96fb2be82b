package org.wordmill.text.synthetic;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.wordmill.text.TaggedSentence;

/** What the language of tagged sentences promises, of many sentences. */
class TaggedLanguageTest {
  private static final List<TaggedSentence> TEXT =
      TaggedLanguage.sentences(3).limit(20_000).toList();

  @Test
  void theWordsOfASentenceSettleItsTags() {
    Map<List<String>, List<String>> known = new HashMap<>();
    for (TaggedSentence sentence : TEXT) {
      assertThat(known.computeIfAbsent(sentence.words(), words -> sentence.tags()))
          .as(String.join(" ", sentence.words()))
          .isEqualTo(sentence.tags());
    }
    assertThat(known).hasSizeGreaterThan(5_000);
  }

  @Test
  void whatStandsToTheLeftOfAWordOftenDoesNot() {
    Map<List<String>, Set<String>> tagsOfPrefix = new HashMap<>();
    for (TaggedSentence sentence : TEXT) {
      for (int i = 0; i < sentence.size(); i++) {
        tagsOfPrefix
            .computeIfAbsent(sentence.words().subList(0, i + 1), words -> new HashSet<>())
            .add(sentence.tags().get(i));
      }
    }
    assertThat(tagsOfPrefix.get(List.of("water"))).containsExactlyInAnyOrder("VERB", "NOUN");
    assertThat(tagsOfPrefix.get(List.of("water", "and", "paint")))
        .containsExactlyInAnyOrder("VERB", "NOUN");
    assertThat(tagsOfPrefix.get(List.of("that"))).containsExactlyInAnyOrder("DET", "PRON");
    assertThat(tagsOfPrefix.get(List.of("they", "water"))).containsExactly("VERB");
  }

  @Test
  void newTextHasWordsThatLongTextHadNot() {
    Set<String> seen = new HashSet<>();
    TEXT.subList(0, 2_000).forEach(sentence -> seen.addAll(sentence.words()));
    Set<String> newTags = new HashSet<>();
    for (TaggedSentence sentence : TEXT.subList(2_000, 4_000)) {
      for (int i = 0; i < sentence.size(); i++) {
        if (!seen.contains(sentence.words().get(i))) {
          newTags.add(sentence.tags().get(i));
        }
      }
    }
    assertThat(newTags).containsExactlyInAnyOrder("PROPN", "NOUN");
  }

  @Test
  void oneSeedGivesOneText() {
    assertThat(TaggedLanguage.sentences(3).limit(50)).isEqualTo(TEXT.subList(0, 50));
    assertThat(TaggedLanguage.sentences(4).limit(50)).isNotEqualTo(TEXT.subList(0, 50));
  }
}
