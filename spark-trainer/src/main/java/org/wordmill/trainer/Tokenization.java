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
 */
public record Tokenization(String tokenizerFile, TextPolicy policy, @Nullable Tagged tagged)
    implements Serializable {

  /**
   * How tagged sentences become ids.
   *
   * @param minimumCount words that the training text has more rarely are {@code <unk>}
   * @param longestSentence longer ones are cut into pieces of so many words
   */
  public record Tagged(int minimumCount, int longestSentence) implements Serializable {}

  /** One token per character that occurs in the training text. */
  public static Tokenization characters(TextPolicy policy) {
    return new Tokenization("", policy, null);
  }

  /** With a tokenizer that exists, as {@link org.wordmill.text.TokenizerFiles} writes it. */
  public static Tokenization of(String tokenizerFile, TextPolicy policy) {
    return new Tokenization(tokenizerFile, policy, null);
  }

  /** The words and tags of sentences in CoNLL-U. */
  public static Tokenization tagged(int minimumCount, int longestSentence, TextPolicy policy) {
    return new Tokenization("", policy, new Tagged(minimumCount, longestSentence));
  }

  Optional<String> given() {
    return tokenizerFile.isEmpty() ? Optional.empty() : Optional.of(tokenizerFile);
  }
}
