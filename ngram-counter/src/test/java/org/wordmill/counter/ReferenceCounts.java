package org.wordmill.counter;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** The naive reference: n-grams as strings in a map. */
final class ReferenceCounts {
  private ReferenceCounts() {}

  /** How often each n-gram of orders 1..N occurs, words separated by spaces. */
  static Map<String, Long> count(List<String> lines, int order) {
    Map<String, Long> counts = new TreeMap<>();
    for (String line : lines) {
      List<String> words = new ArrayList<>();
      words.add("<s>");
      for (String word : line.split("[ \t\r\0]+")) {
        if (!word.isEmpty()) {
          words.add(word);
        }
      }
      words.add("</s>");
      for (int from = 0; from < words.size(); from++) {
        for (int to = from + 1; to <= Math.min(words.size(), from + order); to++) {
          counts.merge(String.join(" ", words.subList(from, to)), 1L, Long::sum);
        }
      }
    }
    return counts;
  }
}
