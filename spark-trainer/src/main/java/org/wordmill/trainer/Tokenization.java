package org.wordmill.trainer;

import java.io.Serializable;
import java.util.Optional;
import org.wordmill.text.TextPolicy;

/**
 * How text becomes token ids.
 *
 * @param tokenizerFile the text of a tokenizer's file; when empty, the vocabulary is the characters
 *     of the training text
 * @param policy what to do with malformed text
 */
public record Tokenization(String tokenizerFile, TextPolicy policy) implements Serializable {

  /** One token per character that occurs in the training text. */
  public static Tokenization characters(TextPolicy policy) {
    return new Tokenization("", policy);
  }

  /** With a tokenizer that exists, as {@link org.wordmill.text.TokenizerFiles} writes it. */
  public static Tokenization of(String tokenizerFile, TextPolicy policy) {
    return new Tokenization(tokenizerFile, policy);
  }

  Optional<String> given() {
    return tokenizerFile.isEmpty() ? Optional.empty() : Optional.of(tokenizerFile);
  }
}
