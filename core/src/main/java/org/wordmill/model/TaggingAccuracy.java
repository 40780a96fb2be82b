package org.wordmill.model;

import java.util.List;
import org.wordmill.text.TaggedSentence;
import org.wordmill.text.TaggedWords;

/**
 * How many tags are right, beside those of a baseline that gives every word its most frequent tag
 * in the training text. Words without a right answer do not count.
 *
 * @param all of all words
 * @param unknown of the words that the training text had not
 */
public record TaggingAccuracy(Counts all, Counts unknown) {

  /** Of no words. */
  public static final TaggingAccuracy NONE = new TaggingAccuracy(Counts.NONE, Counts.NONE);

  /**
   * @param words that have a right answer
   * @param right how many of them the tagger gave it
   * @param usual how many of them have their most frequent tag
   */
  public record Counts(long words, long right, long usual) {
    static final Counts NONE = new Counts(0, 0, 0);

    Counts plus(Counts other) {
      return new Counts(words + other.words, right + other.right, usual + other.usual);
    }

    /** The part of the words that the tagger is right about; not a number without words. */
    public double accuracy() {
      return (double) right / words;
    }

    /** The part of the words that the baseline is right about; not a number without words. */
    public double baseline() {
      return (double) usual / words;
    }
  }

  /**
   * Of one sentence.
   *
   * @param gold the sentence with the right tags
   * @param tags the tagger's
   */
  public static TaggingAccuracy of(TaggedWords words, TaggedSentence gold, List<String> tags) {
    TaggingAccuracy sum = NONE;
    for (int i = 0; i < gold.size(); i++) {
      if (gold.isTagged(i)) {
        String word = gold.words().get(i);
        String answer = gold.tags().get(i);
        Counts one =
            new Counts(
                1, answer.equals(tags.get(i)) ? 1 : 0, answer.equals(words.usualTag(word)) ? 1 : 0);
        sum = sum.plus(new TaggingAccuracy(one, words.isSeen(word) ? Counts.NONE : one));
      }
    }
    return sum;
  }

  public TaggingAccuracy plus(TaggingAccuracy other) {
    return new TaggingAccuracy(all.plus(other.all), unknown.plus(other.unknown));
  }
}
