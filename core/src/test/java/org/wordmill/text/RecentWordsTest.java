package org.wordmill.text;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

class RecentWordsTest {
  /** Words whose ends and beginnings are alike, of one byte to twenty. */
  private static String word(Random random) {
    StringBuilder word = new StringBuilder();
    for (int left = 1 + random.nextInt(20); left > 0; left--) {
      word.append(random.nextInt(6) == 0 ? 'é' : (char) ('a' + random.nextInt(2)));
    }
    return word.toString();
  }

  @Test
  void idsAreThoseOfTheWordsBehindWhateverWasMetBefore() {
    Random random = new Random(7);
    Set<String> known = new LinkedHashSet<>();
    for (int i = 0; i < 5000; i++) {
      known.add(word(random));
    }
    Words words = new Vocabulary(List.copyOf(known)).words();
    RecentWords recent = new RecentWords(words);
    StringBuilder text = new StringBuilder();
    List<String> drawn = new ArrayList<>();
    for (int i = 0; i < 100_000; i++) {
      drawn.add(word(random));
      text.append(drawn.get(i)).append(i % 7 == 0 ? "" : " ");
    }
    byte[] bytes = text.toString().getBytes(StandardCharsets.UTF_8);
    int from = 0;
    for (int i = 0; i < drawn.size(); i++) {
      int to = from + drawn.get(i).getBytes(StandardCharsets.UTF_8).length;
      assertThat(recent.find(bytes, from, to)).isEqualTo(words.find(bytes, from, to));
      from = to + (i % 7 == 0 ? 0 : 1);
    }
  }

  @Test
  void theLettersOfAWordAreItsCodePoints() {
    Random random = new Random(8);
    WordScanner scanner = new WordScanner(TextPolicy.IN_MEMORY);
    for (int i = 0; i < 1000; i++) {
      String line = word(random) + " " + word(random) + "\uD83D\uDE00";
      byte[] bytes = line.getBytes(StandardCharsets.UTF_8);
      assertThat(scanner.scan(bytes, 0, bytes.length, "line", 1)).isEqualTo(2);
      for (int w = 0; w < 2; w++) {
        String word = scanner.word(w);
        assertThat(scanner.letters(w)).isEqualTo(word.codePointCount(0, word.length()));
      }
    }
  }
}
