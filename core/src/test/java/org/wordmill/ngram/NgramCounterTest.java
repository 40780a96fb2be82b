package org.wordmill.ngram;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.wordmill.text.Vocabulary;

class NgramCounterTest {

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 5})
  void countsAreThoseOfAMapOfLists(int order) {
    List<List<String>> sentences = RandomText.sentences(order, 300, 40);
    Map<List<String>, Long> expected = new HashMap<>();
    for (List<String> words : sentences) {
      List<String> padded = new ArrayList<>(words);
      padded.add(0, "<s>");
      padded.add("</s>");
      for (int from = 0; from < padded.size(); from++) {
        for (int to = from + 1; to <= Math.min(padded.size(), from + order); to++) {
          expected.merge(List.copyOf(padded.subList(from, to)), 1L, Long::sum);
        }
      }
    }

    NgramCounts counts = RandomText.count(sentences, order);

    Vocabulary vocabulary = counts.vocabulary();
    expected.forEach(
        (ngram, count) -> {
          int[] ids = ngram.stream().mapToInt(vocabulary::id).toArray();
          assertThat(counts.count(ids)).as("%s", ngram).isEqualTo(count);
        });
    for (int k = 1; k <= order; k++) {
      int length = k;
      long different = expected.keySet().stream().filter(n -> n.size() == length).count();
      assertThat(counts.size(k)).isEqualTo((int) different + (k == 1 ? 1 : 0)); // <unk>
    }
  }

  @Test
  void whatDoesNotOccurCountsZero() {
    NgramCounts counts = RandomText.count("a b\n", 3);
    int a = counts.vocabulary().id("a");
    int b = counts.vocabulary().id("b");
    assertThat(counts.count(a, b)).isEqualTo(1);
    assertThat(counts.count(b, a)).isZero();
    assertThat(counts.count(b, a, b)).isZero();
    assertThat(counts.tokens()).isEqualTo(3);
  }

  @Test
  void anEmptyLineIsASentence() {
    NgramCounts counts = RandomText.count("\n\n", 2);
    assertThat(counts.count(counts.vocabulary().begin(), counts.vocabulary().end())).isEqualTo(2);
  }

  @Test
  void idsFollowFirstOccurrence() {
    assertThat(RandomText.count("b a b c\n", 2).vocabulary().tokens())
        .isEqualTo(Arrays.asList("<unk>", "<s>", "</s>", "b", "a", "c"));
  }
}
