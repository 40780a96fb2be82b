package org.wordmill.format.arpa;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.api.Test;

class ArpaBufferTest {

  @Test
  void entriesOfTextAreThoseOfWords() {
    Random random = new Random(20261130);
    ArpaBuffer ofWords = new ArpaBuffer();
    ArpaBuffer ofText = new ArpaBuffer();
    ArpaBuffer number = new ArpaBuffer();
    for (int i = 0; i < 3000; i++) {
      byte[][] words = {word(random), word(random), word(random)};
      float probability = -random.nextFloat() * 9;
      float backoff = -random.nextFloat();
      byte[] rest = (text(words[1]) + " " + text(words[2])).getBytes(UTF_8);
      // At the end of an array as well as amid one, where more than the words can be read.
      byte[] around = (text(rest) + " ".repeat(random.nextInt(20))).getBytes(UTF_8);
      int[] ids = {0, 1, 2};

      int before = ofText.length();
      ofText.beginEntry(probability, words[0], 0, words[0].length, around, 0, rest.length);
      int start = ofText.length() - words[0].length - 1 - rest.length;
      assertThat(new String(ofText.bytes(), start, ofText.length() - start, UTF_8))
          .isEqualTo(text(words[0]) + " " + text(rest));
      assertThat(start).isGreaterThan(before);
      if (random.nextBoolean()) {
        ofWords.entry(probability, words, ids, 0, 3);
        ofText.endEntry();
      } else {
        ofWords.entry(probability, words, ids, 0, 3, backoff);
        number.clear();
        ofText.endEntry(number.number(backoff).toByteArray());
      }
    }
    assertThat(new String(ofText.toByteArray(), UTF_8))
        .isEqualTo(new String(ofWords.toByteArray(), UTF_8));
  }

  private static byte[] word(Random random) {
    return "abcdefghijklmnopqrstuvwxyzä".repeat(2).substring(random.nextInt(54)).getBytes(UTF_8);
  }

  private static String text(byte[] bytes) {
    return new String(bytes, UTF_8);
  }
}
