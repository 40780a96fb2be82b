package org.wordmill.text;

import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Words in a list, in the order of their ids, with a hash map back. Immutable. */
final class ListedWords implements Words {
  private final List<String> words;
  private final Map<String, Integer> ids;

  /**
   * @throws IllegalArgumentException if a string occurs twice
   */
  ListedWords(List<String> words) {
    this.words = List.copyOf(words);
    this.ids = new HashMap<>(words.size() * 2);
    for (String word : this.words) {
      if (ids.put(word, ids.size()) != null) {
        throw new IllegalArgumentException("the token '" + word + "' occurs twice");
      }
    }
  }

  @Override
  public int size() {
    return words.size();
  }

  @Override
  public int find(byte[] text, int from, int to) {
    return find(new String(text, from, to - from, StandardCharsets.UTF_8));
  }

  @Override
  public int find(String word) {
    return ids.getOrDefault(word, Vocabulary.NONE);
  }

  @Override
  public String word(int id) {
    return words.get(id);
  }
}
