package org.wordmill.text;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * One token per Unicode code point; line ends are tokens like any other.
 *
 * <p>The ids of the characters follow their code points; the last id is {@code <unk>}, for every
 * character that is not in the vocabulary, and decodes to U+FFFD.
 */
public final class Characters implements Tokenizer {
  private static final String REPLACEMENT = "\uFFFD";

  private final Vocabulary vocabulary;
  private final Map<Integer, Integer> ids = new HashMap<>();

  /**
   * @param vocabulary tokens of one code point each, and {@code <unk>}
   */
  public Characters(Vocabulary vocabulary) {
    if (vocabulary.unknown() == Vocabulary.NONE) {
      throw new IllegalArgumentException("a vocabulary of characters needs " + Vocabulary.UNKNOWN);
    }
    this.vocabulary = vocabulary;
    for (int id = 0; id < vocabulary.size(); id++) {
      String token = vocabulary.token(id);
      if (id == vocabulary.unknown()) {
        continue;
      }
      if (token.isEmpty() || token.codePointCount(0, token.length()) != 1) {
        throw new IllegalArgumentException("'" + token + "' is not one character");
      }
      ids.put(token.codePointAt(0), id);
    }
  }

  /** The characters that occur in {@code text}, by code point, then {@code <unk>}. */
  public static Characters fromText(String text) {
    List<String> tokens = new ArrayList<>();
    text.codePoints().distinct().sorted().forEach(c -> tokens.add(Character.toString(c)));
    tokens.add(Vocabulary.UNKNOWN);
    return new Characters(new Vocabulary(tokens));
  }

  @Override
  public Vocabulary vocabulary() {
    return vocabulary;
  }

  @Override
  public int[] encode(String text) {
    return text.codePoints().map(c -> ids.getOrDefault(c, vocabulary.unknown())).toArray();
  }

  @Override
  public String decode(int[] ids) {
    StringBuilder text = new StringBuilder(ids.length);
    for (int id : ids) {
      text.append(id == vocabulary.unknown() ? REPLACEMENT : vocabulary.token(id));
    }
    return text.toString();
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Characters characters
        && characters.vocabulary.tokens().equals(vocabulary.tokens());
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(vocabulary.tokens().toArray());
  }
}
