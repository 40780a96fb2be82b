package org.wordmill.counter;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Tables of words against a map of strings. */
final class WordTableTest {
  private static final long SEED = 5;

  @Test
  void idsAndCountsAreThoseOfAMap() {
    WordTable table = new WordTable(1);
    Map<String, Integer> ids = new HashMap<>();
    Map<String, Long> counts = new HashMap<>();
    Random random = new Random(SEED);
    for (int i = 0; i < 20_000; i++) {
      String word =
          "w\u00e9\u6f22".repeat(random.nextInt(4)) + random.nextInt(1 << random.nextInt(14));
      byte[] bytes = (".." + word + ".").getBytes(StandardCharsets.UTF_8);
      int id = table.add(bytes, 2, bytes.length - 1);
      table.count(id, i);
      assertThat(id)
          .as("seed %d, word %s", SEED, word)
          .isEqualTo(ids.computeIfAbsent(word, w -> ids.size()));
      counts.merge(word, (long) i, Long::sum);
    }
    assertThat(table.size()).isEqualTo(ids.size());
    ids.forEach(
        (word, id) -> {
          byte[] bytes = word.getBytes(StandardCharsets.UTF_8);
          assertThat(table.find(bytes, 0, bytes.length)).isEqualTo(id);
          assertThat(table.word(id)).isEqualTo(word);
          assertThat(table.countOf(id)).isEqualTo(counts.get(word));
        });
    byte[] absent = "absent".getBytes(StandardCharsets.UTF_8);
    assertThat(table.find(absent, 0, absent.length)).isEqualTo(WordTable.ABSENT);
  }

  @Test
  void vocabularyIsOrderedByFallingCountAndThenByBytes() {
    WordTable words = new WordTable(4);
    for (String word : List.of("z", "b", "\u00e9", "a", "the", "the", "the", "b", "a")) {
      byte[] bytes = word.getBytes(StandardCharsets.UTF_8);
      words.count(words.add(bytes, 0, bytes.length), 1);
    }
    VarBytes block = new VarBytes(16);
    for (int id = 0; id < words.size(); id++) {
      Words.put(block, words, id);
    }
    WordTable vocabulary =
        Words.vocabulary(List.of(block.take()), 7, 9, Integer.MAX_VALUE, Optional.empty());
    assertThat(vocabulary.size()).isEqualTo(8);
    assertThat(List.of(0, 1, 2, 3, 4, 5, 6, 7).stream().map(vocabulary::word))
        .containsExactly("<unk>", "<s>", "</s>", "the", "a", "b", "z", "\u00e9");
    assertThat(vocabulary.countOf(0)).isEqualTo(7);
    assertThat(vocabulary.countOf(2)).isEqualTo(9);
    assertThat(vocabulary.countOf(3)).isEqualTo(3);
  }
}
