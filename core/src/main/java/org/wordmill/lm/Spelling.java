package org.wordmill.lm;

import org.wordmill.text.Vocabulary;

/**
 * What it costs to spell a word that a model does not know, letter by letter: each letter is one of
 * A symbols or the end of the word, all equally likely, so a word of n letters costs (n + 1) log(A
 * + 1).
 *
 * <p>With it a model of words gives every text a probability, p(unk|h) times the spelling for an
 * unknown word, and so a number of bits per character that can be compared with that of a model of
 * characters. It is an upper bound of what an open vocabulary costs, since nobody would spell
 * uniformly, nor spend probability on spelling the words that are known.
 *
 * @param alphabet A, the number of different symbols that unknown words are spelled with
 */
public record Spelling(int alphabet) {

  public Spelling {
    if (alphabet < 1) {
      throw new IllegalArgumentException("an alphabet of " + alphabet + " symbols");
    }
  }

  /**
   * The spelling with the characters that the words of a vocabulary are spelled with; with any
   * characters where it does not tell its words.
   */
  public static Spelling of(Vocabulary vocabulary) {
    if (!vocabulary.hasStrings()) {
      return new Spelling(Character.MAX_CODE_POINT);
    }
    long characters =
        vocabulary.tokens().stream()
            .filter(
                token ->
                    !token.equals(Vocabulary.BEGIN)
                        && !token.equals(Vocabulary.END)
                        && !token.equals(Vocabulary.UNKNOWN))
            .flatMapToInt(String::codePoints)
            .distinct()
            .count();
    return new Spelling((int) Math.max(1, characters));
  }

  /** log p(spelling), natural logarithm, of a word of some Unicode code points. */
  public double logProbability(int letters) {
    return -(letters + 1) * Math.log(alphabet + 1.0);
  }
}
