package org.wordmill.counter;

import java.io.Serializable;
import java.util.List;
import org.wordmill.error.ExitCode;
import org.wordmill.error.WordmillException;

/**
 * Counts of n-grams to read, in place of a text: what {@link NGramCounter} wrote, in any of its
 * formats, and what others write alike. Several are added up; one that is named twice is read once.
 *
 * <pre>
 *   DIR/order=1/*  DIR/order=2/*  ...      Parquet, or lines w1 w2&lt;TAB&gt;count, plain or compressed
 *   DIR/1gms/vocab.gz  DIR/2gms/2gm-*.gz   the layout of Web1T, with &lt;S&gt;, &lt;/S&gt; and &lt;UNK&gt;
 *   FILE                                   such lines, of any orders
 * </pre>
 *
 * <p>{@code <unk>} in counts is a word like others.
 *
 * @param paths directories, files and globs on any file system that Hadoop knows
 * @param vocabularyLimit how many words, the most frequent ones, keep their names; all others are
 *     {@code <unk>}. 0 to keep all
 * @param vocabularyFile a file with one word a line on any file system that Hadoop knows; words
 *     that are not in it are {@code <unk>}, and those of it that never occur have no n-grams. Empty
 *     for none. With a limit too, the most frequent of its words keep their names
 */
public record CountInput(List<String> paths, int vocabularyLimit, String vocabularyFile)
    implements Serializable {

  public CountInput {
    paths = List.copyOf(paths);
    if (vocabularyLimit < 0) {
      throw new WordmillException(
          ExitCode.USAGE,
          "the vocabulary limit is " + vocabularyLimit,
          "--vocabulary-limit",
          "choose a number of words, or 0 for all");
    }
  }

  public static CountInput of(String... paths) {
    return new CountInput(List.of(paths), 0, "");
  }

  public CountInput withVocabularyLimit(int choice) {
    return new CountInput(paths, choice, vocabularyFile);
  }

  public CountInput withVocabularyFile(String choice) {
    return new CountInput(paths, vocabularyLimit, choice);
  }

  /** Whether words may be left out of the vocabulary. */
  boolean isVocabularyLimited() {
    return vocabularyLimit > 0 || !vocabularyFile.isEmpty();
  }
}
