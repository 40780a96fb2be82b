package org.wordmill.trainer;

import java.util.function.Consumer;
import org.wordmill.text.TextPolicy;

/**
 * What was met while text was encoded.
 *
 * @param malformed byte sequences that were not UTF-8
 * @param unknown tokens that are not in the vocabulary
 * @param unknownTags words whose tag is not one of the training text's
 * @param documents that were encoded; lines, where text is taken as it is
 * @param blank documents of nothing but white space, which were left out
 * @param longLines lines that were too long, and were split or dropped
 * @param bombs compressed files that grew to more than a thousand times their size
 */
record TextCounts(
    long malformed,
    long unknown,
    long unknownTags,
    long documents,
    long blank,
    long longLines,
    long bombs) {
  static final TextCounts ZERO = new TextCounts(0, 0, 0, 0, 0, 0, 0);

  TextCounts plus(TextCounts other) {
    return new TextCounts(
        malformed + other.malformed,
        unknown + other.unknown,
        unknownTags + other.unknownTags,
        documents + other.documents,
        blank + other.blank,
        longLines + other.longLines,
        bombs + other.bombs);
  }

  long[] toArray() {
    return new long[] {malformed, unknown, unknownTags, documents, blank, longLines, bombs};
  }

  static TextCounts of(long[] counts) {
    return new TextCounts(
        counts[0], counts[1], counts[2], counts[3], counts[4], counts[5], counts[6]);
  }

  /**
   * Tells what a user should know.
   *
   * @param what the text is, such as {@code the training text}
   */
  void tell(String what, TextPolicy policy, Consumer<String> notices) {
    if (malformed > 0) {
      notices.accept(
          what
              + " has "
              + malformed
              + " parts that are not UTF-8: "
              + (policy.malformed() == TextPolicy.Malformed.DROP_LINE
                  ? "their lines were dropped"
                  : "each became U+FFFD"));
    }
    if (unknown > 0) {
      notices.accept(what + " has " + unknown + " tokens that are not in the vocabulary");
    }
    if (unknownTags > 0) {
      notices.accept(
          what
              + " has "
              + unknownTags
              + " words with tags that the training text has not; they do not count");
    }
    if (longLines > 0) {
      notices.accept(
          what
              + " has "
              + longLines
              + " lines that were too long and were "
              + (policy.longLines() == TextPolicy.LongLines.DROP ? "dropped" : "split"));
    }
    if (bombs > 0) {
      notices.accept(
          what
              + " has "
              + bombs
              + " compressed files that grew to more than 1000 times their size");
    }
    if (blank > 0) {
      notices.accept(what + " has " + blank + " documents without any text, which are left out");
    }
  }
}
