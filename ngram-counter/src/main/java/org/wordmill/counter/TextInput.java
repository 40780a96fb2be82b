package org.wordmill.counter;

import java.io.Serializable;
import java.util.List;
import org.wordmill.error.ExitCode;
import org.wordmill.error.WordmillException;
import org.wordmill.text.TextPolicy;

/**
 * The text to read: lines are sentences, words are separated by white space.
 *
 * @param paths files, directories and globs on any file system that Hadoop knows; {@code .gz},
 *     {@code .bz2}, {@code .xz} and {@code .zst} are decompressed. {@code -} is stdin, see {@link
 *     StandardInput}
 * @param policy what to do with malformed and reserved words
 * @param splitBytes the most bytes of a plain file that one task reads; 0 to choose by size and
 *     cores
 * @param vocabularyLimit how many words, the most frequent ones, keep their names; all others are
 *     {@code <unk>}. 0 to keep all
 * @param vocabularyFile a file with one word a line on any file system that Hadoop knows; words
 *     that are not in it are {@code <unk>}, and those of it that never occur have no n-grams. Empty
 *     for none. With a limit too, the most frequent of its words keep their names
 */
public record TextInput(
    List<String> paths,
    TextPolicy policy,
    long splitBytes,
    int vocabularyLimit,
    String vocabularyFile)
    implements Serializable {

  public TextInput {
    paths = List.copyOf(paths);
    if (splitBytes < 0) {
      throw new IllegalArgumentException("splitBytes is negative: " + splitBytes);
    }
    if (vocabularyLimit < 0) {
      throw new WordmillException(
          ExitCode.USAGE,
          "the vocabulary limit is " + vocabularyLimit,
          "--vocabulary-limit",
          "choose a number of words, or 0 for all");
    }
  }

  public static TextInput of(String... paths) {
    return new TextInput(List.of(paths), TextPolicy.DEFAULT, 0, 0, "");
  }

  /** For text that is not in files: no paths. */
  static TextInput ofRows(TextPolicy policy) {
    return new TextInput(List.of(), policy, 0, 0, "");
  }

  public TextInput withPolicy(TextPolicy choice) {
    return new TextInput(paths, choice, splitBytes, vocabularyLimit, vocabularyFile);
  }

  public TextInput withSplitBytes(long choice) {
    return new TextInput(paths, policy, choice, vocabularyLimit, vocabularyFile);
  }

  public TextInput withVocabularyLimit(int choice) {
    return new TextInput(paths, policy, splitBytes, choice, vocabularyFile);
  }

  public TextInput withVocabularyFile(String choice) {
    return new TextInput(paths, policy, splitBytes, vocabularyLimit, choice);
  }

  /** Whether words may be left out of the vocabulary. */
  boolean isVocabularyLimited() {
    return vocabularyLimit > 0 || !vocabularyFile.isEmpty();
  }

  /**
   * Whether {@code <unk>} is a word like others, which the text has, and not only what stands for
   * words that it has not.
   */
  boolean isUnknownCounted() {
    return isVocabularyLimited() || policy.reserved() == TextPolicy.Reserved.UNKNOWN;
  }
}
