package org.wordmill.text;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class WordIdsTest {

  @Test
  void idsAreThoseOfAMapOfStrings() {
    Map<String, Integer> expected = new LinkedHashMap<>();
    WordIds ids = new WordIds();
    Random random = new Random(8);
    for (int i = 0; i < 20_000; i++) {
      String word = Integer.toString(random.nextInt(5000), 3 + random.nextInt(30)) + "ż";
      expected.putIfAbsent(word, expected.size());
      byte[] text = ("<" + word + ">").getBytes(UTF_8);
      assertThat(ids.add(text, 1, text.length - 1)).isEqualTo(expected.get(word));
      assertThat(ids.find(text, 1, text.length - 1)).isEqualTo(expected.get(word));
      assertThat(ids.find(text, 0, text.length)).isEqualTo(Vocabulary.NONE);
    }
    assertThat(ids.size()).isEqualTo(expected.size());
    assertThat(ids.vocabulary().tokens()).containsExactlyElementsOf(expected.keySet());
    assertThat(WordIds.of(ids.vocabulary()).word(17)).isEqualTo(ids.word(17));
  }
}
