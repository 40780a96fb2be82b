package org.wordmill.text.synthetic;

import java.util.SplittableRandom;
import java.util.stream.Stream;

/**
 * An artificial language whose entropy is known and whose dependencies outreach any n-gram. Three
 * kinds of sentence, all unambiguous by construction:
 *
 * <ul>
 *   <li>number agreement across attractors: {@code the keys near the door of the mills are red .}
 *   <li>names that come back: {@code mira walked home and sang and slept , said mira .}
 *   <li>nested brackets of three kinds: {@code list ( a [ b ] { c } ) end .}
 * </ul>
 *
 * The verb's number, the returning name and the closing brackets cost a perfect model nothing; a
 * model that cannot look back far enough pays for each.
 */
public final class SyntheticLanguage {
  private static final String NAMES =
      "mira tobin alda kesh runa pell osric wenna dov isla"
          + " barek lune fen sorrel hale quill marn teya jory brisa";
  private static final String DEEDS = "sang slept walked waited wrote rowed laughed baked";

  private SyntheticLanguage() {}

  /** The grammar of the language. */
  public static ProbabilisticGrammar grammar() {
    ProbabilisticGrammar.Builder grammar = ProbabilisticGrammar.startingWith("SENTENCE");
    grammar
        .rule("SENTENCE", 4, "AGREEMENT")
        .rule("SENTENCE", 4, "RETURN")
        .rule("SENTENCE", 2, "BRACKETS");
    agreement(grammar);
    returningNames(grammar);
    brackets(grammar);
    return grammar.build();
  }

  private static void agreement(ProbabilisticGrammar.Builder grammar) {
    grammar
        .rule("AGREEMENT", 1, "the SINGULAR PLACES is QUALITY .")
        .rule("AGREEMENT", 1, "the PLURAL PLACES are QUALITY .")
        .rule("PLACES", 2, "")
        .rule("PLACES", 3, "RELATION the NOUN PLACES")
        .rule("NOUN", 1, "SINGULAR")
        .rule("NOUN", 1, "PLURAL")
        .words("RELATION", "near of behind above with")
        .words("QUALITY", "old red quiet heavy warm lost clean bright small ready")
        .words("SINGULAR", "key door mill boat lamp road bell field stone letter garden wheel")
        .words(
            "PLURAL",
            "keys doors mills boats lamps roads bells fields stones letters gardens wheels");
  }

  private static void returningNames(ProbabilisticGrammar.Builder grammar) {
    int rank = 0;
    for (String name : NAMES.split(" ")) {
      rank++;
      grammar.rule("RETURN", 1.0 / rank, name + " DEED DEEDS , said " + name + " .");
    }
    grammar
        .rule("DEEDS", 1, "")
        .rule("DEEDS", 2, "LINK DEED DEEDS")
        .words("LINK", "and then but")
        .words("DEED", DEEDS);
  }

  private static void brackets(ProbabilisticGrammar.Builder grammar) {
    grammar
        .rule("BRACKETS", 1, "list GROUP end .")
        .rule("GROUP", 1, "( ITEMS )")
        .rule("GROUP", 1, "[ ITEMS ]")
        .rule("GROUP", 1, "{ ITEMS }")
        .rule("ITEMS", 2, "")
        .rule("ITEMS", 4, "ITEM ITEMS")
        .rule("ITEM", 3, "LETTER")
        .rule("ITEM", 1, "GROUP")
        .words("LETTER", "a b c d e f");
  }

  /** An endless text, one sentence an element, the same for the same seed. */
  public static Stream<ProbabilisticGrammar.Sentence> sentences(long seed) {
    ProbabilisticGrammar grammar = grammar();
    SplittableRandom random = new SplittableRandom(seed);
    return Stream.generate(() -> grammar.sample(random));
  }
}
