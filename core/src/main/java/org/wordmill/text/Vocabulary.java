package org.wordmill.text;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

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

  private final List<String> tokens;
  private final Map<String, Integer> ids;
  private final int unknown;

  /**
   * @param tokens the strings in the order of their ids
   * @throws IllegalArgumentException if a string occurs twice
   */
  public Vocabulary(List<String> tokens) {
    this.tokens = List.copyOf(tokens);
    this.ids = new HashMap<>(tokens.size() * 2);
    for (String token : this.tokens) {
      if (ids.put(token, ids.size()) != null) {
        throw new IllegalArgumentException("the token '" + token + "' occurs twice");
      }
    }
    this.unknown = ids.getOrDefault(UNKNOWN, NONE);
  }

  public int size() {
    return tokens.size();
  }

  /** The id of {@code token}, else of {@code <unk>}, else {@link #NONE}. */
  public int id(String token) {
    return ids.getOrDefault(token, unknown);
  }

  public boolean contains(String token) {
    return ids.containsKey(token);
  }

  /** The string of an id in [0, size). */
  public String token(int id) {
    return tokens.get(id);
  }

  /** The id of {@code <unk>} or {@link #NONE}. */
  public int unknown() {
    return unknown;
  }

  /** The id of {@code <s>} or {@link #NONE}. */
  public int begin() {
    return ids.getOrDefault(BEGIN, NONE);
  }

  /** The id of {@code </s>} or {@link #NONE}. */
  public int end() {
    return ids.getOrDefault(END, NONE);
  }

  /** The strings in the order of their ids. */
  public List<String> tokens() {
    return new ArrayList<>(tokens);
  }
}
