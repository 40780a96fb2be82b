package org.wordmill.trainer;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import org.wordmill.text.TagCounts;

/**
 * The counts of words with tags of one split, on their way to the driver. A plain class of arrays,
 * because Kryo writes them without being told more.
 */
final class CountedTags implements Serializable {
  private static final long serialVersionUID = 1L;

  private final String[] words;
  private final String[] tags;
  private final long[] counts;

  CountedTags(TagCounts counted) {
    List<String> all = new ArrayList<>();
    List<String> theirTags = new ArrayList<>();
    List<Long> theirCounts = new ArrayList<>();
    counted.forEach(
        (word, tag, count) -> {
          all.add(word);
          theirTags.add(tag);
          theirCounts.add(count);
        });
    this.words = all.toArray(String[]::new);
    this.tags = theirTags.toArray(String[]::new);
    this.counts = theirCounts.stream().mapToLong(Long::longValue).toArray();
  }

  void addTo(TagCounts sum) {
    for (int i = 0; i < words.length; i++) {
      sum.add(words[i], tags[i], counts[i]);
    }
  }
}
