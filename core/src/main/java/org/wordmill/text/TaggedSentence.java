package org.wordmill.text;

import java.util.List;

/**
 * A sentence whose words have parts of speech, or other tags.
 *
 * @param words none of them empty
 * @param tags one for each word, {@link #UNTAGGED} where nothing is known
 */
public record TaggedSentence(List<String> words, List<String> tags) {
  /** The tag of a word that has none. */
  public static final String UNTAGGED = "_";

  public TaggedSentence {
    words = List.copyOf(words);
    tags = List.copyOf(tags);
    if (words.size() != tags.size()) {
      throw new IllegalArgumentException(tags.size() + " tags for " + words.size() + " words");
    }
  }

  /** A sentence without tags. */
  public static TaggedSentence untagged(List<String> words) {
    return new TaggedSentence(words, words.stream().map(word -> UNTAGGED).toList());
  }

  /** The number of words. */
  public int size() {
    return words.size();
  }

  /** Whether word {@code i} has a tag. */
  public boolean isTagged(int i) {
    return !tags.get(i).equals(UNTAGGED);
  }
}
