package org.wordmill.trainer;

import java.io.Serializable;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.wordmill.text.TextPolicy;

/**
 * How text becomes token ids.
 *
 * @param tokenizerFile the text of a tokenizer's file; when empty, the vocabulary is that of the
 *     training text
 * @param policy what to do with malformed text
 * @param tagged for text that is tagged sentences, in CoNLL-U
 * @param words for text that is sentences of words, one a line
 */
public record Tokenization(
    String tokenizerFile, TextPolicy policy, @Nullable Tagged tagged, @Nullable Words words)
    implements Serializable {

  /**
   * How tagged sentences become ids.
   *
   * @param minimumCount words that the training text has more rarely are {@code <unk>}
   * @param longestSentence longer ones are cut into pieces of so many words
   */
  public record Tagged(int minimumCount, int longestSentence) implements Serializable {}

  /**
   * How sentences of words become ids.
   *
   * @param vocabularyLimit how many words, the most frequent ones, are known; 0 for all
   */
  public record Words(int vocabularyLimit) implements Serializable {}

  /** One token per character that occurs in the training text. */
  public static Tokenization characters(TextPolicy policy) {
    return new Tokenization("", policy, null, null);
  }

  /** With a tokenizer that exists, as {@link org.wordmill.text.TokenizerFiles} writes it. */
  public static Tokenization of(String tokenizerFile, TextPolicy policy) {
    return new Tokenization(tokenizerFile, policy, null, null);
  }

  /** The words and tags of sentences in CoNLL-U. */
  public static Tokenization tagged(int minimumCount, int longestSentence, TextPolicy policy) {
    return new Tokenization("", policy, new Tagged(minimumCount, longestSentence), null);
  }

  /** One token per word, and one for the end of each line. */
  public static Tokenization words(int vocabularyLimit, TextPolicy policy) {
    return new Tokenization("", policy, null, new Words(vocabularyLimit));
  }

  Optional<String> given() {
    return tokenizerFile.isEmpty() ? Optional.empty() : Optional.of(tokenizerFile);
  }
}
