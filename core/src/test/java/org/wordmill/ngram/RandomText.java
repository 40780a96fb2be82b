package org.wordmill.ngram;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import org.wordmill.text.TextPolicy;

/** Small texts by a seed: few words, skewed, some empty lines. */
final class RandomText {
  private RandomText() {}

  static List<List<String>> sentences(long seed, int lines, int words) {
    Random random = new Random(seed);
    List<List<String>> sentences = new ArrayList<>();
    for (int i = 0; i < lines; i++) {
      List<String> sentence = new ArrayList<>();
      int length = random.nextInt(9);
      for (int j = 0; j < length; j++) {
        double skewed = random.nextDouble() * random.nextDouble();
        sentence.add("w" + (int) (skewed * words));
      }
      sentences.add(sentence);
    }
    return sentences;
  }

  static NgramCounts count(List<List<String>> sentences, int order) {
    String text =
        sentences.stream().map(s -> String.join(" ", s) + "\n").collect(Collectors.joining());
    return count(text, order);
  }

  static NgramCounts count(String text, int order) {
    try {
      return new NgramCounter(order, TextPolicy.DEFAULT)
          .read(new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8)), "text")
          .counts();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
