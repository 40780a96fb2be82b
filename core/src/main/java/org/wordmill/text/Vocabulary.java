package org.wordmill.text;

import java.util.ArrayList;
import java.util.List;

/**
 * A bijection between token strings and ids 0..V-1. Ids are dense; an unknown string maps to the id
 * of {@code <unk>} where the vocabulary has one. Immutable and safe for use by many threads.
 */
public final class Vocabulary {
  /** Begin of sentence: context only, never predicted. */
  public static final String BEGIN = "<s>";

  /** End of sentence: predicted, never context. */
  public static final String END = "</s>";

  /** Any string that is not in the vocabulary. */
  public static final String UNKNOWN = "<unk>";

  /** What {@link #id} returns for an unknown string in a vocabulary without {@code <unk>}. */
  public static final int NONE = -1;

  private final Words words;
  private final int unknown;
  private final int begin;
  private final int end;

  /**
   * @param tokens the strings in the order of their ids
   * @throws IllegalArgumentException if a string occurs twice
   */
  public Vocabulary(List<String> tokens) {
    this(new ListedWords(tokens));
  }

  /** The vocabulary of words that are kept elsewhere. */
  public Vocabulary(Words words) {
    this.words = words;
    unknown = words.find(UNKNOWN);
    begin = words.find(BEGIN);
    end = words.find(END);
  }

  public int size() {
    return words.size();
  }

  /** The id of {@code token}, else of {@code <unk>}, else {@link #NONE}. */
  public int id(String token) {
    int id = words.find(token);
    return id == NONE ? unknown : id;
  }

  public boolean contains(String token) {
    return words.find(token) != NONE;
  }

  /** The string of an id in [0, size). */
  public String token(int id) {
    return words.word(id);
  }

  /** Whether the strings of the ids are known, see {@link Words#hasStrings}. */
  public boolean hasStrings() {
    return words.hasStrings();
  }

  /** The id of {@code <unk>} or {@link #NONE}. */
  public int unknown() {
    return unknown;
  }

  /** The id of {@code <s>} or {@link #NONE}. */
  public int begin() {
    return begin;
  }

  /** The id of {@code </s>} or {@link #NONE}. */
  public int end() {
    return end;
  }

  /**
   * The id of the line end, as a character or as a byte of {@link ByteLevelBpe}, or {@link #NONE}.
   */
  public int lineEnd() {
    int id = words.find("\n");
    return id == NONE ? words.find(ByteAlphabet.LINE_END) : id;
  }

  /** The strings in the order of their ids. */
  public List<String> tokens() {
    List<String> tokens = new ArrayList<>(size());
    for (int id = 0; id < size(); id++) {
      tokens.add(token(id));
    }
    return tokens;
  }

  /** What looks words up by their bytes, without making strings. */
  public Words words() {
    return words instanceof ListedWords ? WordIds.of(this) : words;
  }
}
