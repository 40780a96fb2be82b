package org.wordmill.counter;

import java.io.Serializable;
import java.util.List;
import org.wordmill.text.TextPolicy;

/**
 * The text to read: lines are sentences, words are separated by white space.
 *
 * @param paths files, directories and globs on any file system that Hadoop knows; {@code .gz},
 *     {@code .bz2} and {@code .zst} are decompressed
 * @param policy what to do with malformed and reserved words
 * @param splitBytes the most bytes of a plain file that one task reads; 0 to choose by size and
 *     cores
 */
public record TextInput(List<String> paths, TextPolicy policy, long splitBytes)
    implements Serializable {

  public TextInput {
    paths = List.copyOf(paths);
    if (splitBytes < 0) {
      throw new IllegalArgumentException("splitBytes is negative: " + splitBytes);
    }
  }

  public static TextInput of(String... paths) {
    return new TextInput(List.of(paths), TextPolicy.DEFAULT, 0);
  }

  public TextInput withPolicy(TextPolicy choice) {
    return new TextInput(paths, choice, splitBytes);
  }

  public TextInput withSplitBytes(long choice) {
    return new TextInput(paths, policy, choice);
  }
}
