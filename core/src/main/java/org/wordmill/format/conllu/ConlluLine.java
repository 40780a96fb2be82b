package org.wordmill.format.conllu;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * One line of a sentence in CoNLL-U: ten fields, of which all but ID may be {@code _} for
 * unspecified. The ID tells what it is: a word ({@code 3}); a token that the text writes as one and
 * the analysis has as several words ({@code 3-4}, a range); or an empty node, a word that the text
 * leaves out ({@code 3.1}).
 *
 * @param fields ID, FORM, LEMMA, UPOS, XPOS, FEATS, HEAD, DEPREL, DEPS, MISC
 */
public record ConlluLine(List<String> fields) {
  /** What a field holds that nothing is known of. */
  public static final String UNSPECIFIED = "_";

  static final int FIELDS = 10;
  private static final int ID = 0;
  private static final int FORM = 1;
  private static final int UPOS = 3;

  /**
   * @throws IllegalArgumentException when there are not ten fields
   */
  public ConlluLine {
    if (fields.size() != FIELDS) {
      throw new IllegalArgumentException("a line of " + fields.size() + " fields");
    }
    fields = List.copyOf(fields);
  }

  /** A word of which nothing is known but its form and perhaps its part of speech. */
  static ConlluLine word(int id, String form, String upos) {
    List<String> fields = new ArrayList<>(Collections.nCopies(FIELDS, UNSPECIFIED));
    fields.set(ID, String.valueOf(id));
    fields.set(FORM, form);
    fields.set(UPOS, upos);
    return new ConlluLine(fields);
  }

  public String id() {
    return fields.get(ID);
  }

  /** The word as it is written. */
  public String form() {
    return fields.get(FORM);
  }

  /** The universal part of speech, or {@link #UNSPECIFIED}. */
  public String upos() {
    return fields.get(UPOS);
  }

  /** Whether this is a word, and not a range of words or an empty node. */
  public boolean isWord() {
    return id().chars().allMatch(c -> c >= '0' && c <= '9');
  }

  /** The same line with another part of speech. */
  public ConlluLine withUpos(String upos) {
    List<String> changed = new ArrayList<>(fields);
    changed.set(UPOS, upos);
    return new ConlluLine(changed);
  }

  @Override
  public String toString() {
    return String.join("\t", fields);
  }
}
