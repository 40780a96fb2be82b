package org.wordmill.text.synthetic;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.wordmill.text.TaggedSentence;

/**
 * An artificial language of sentences with parts of speech, in which the words alone do not say
 * what they are. Each sentence, as a whole, has one tagging; what settles it lies
 *
 * <ul>
 *   <li>to the right, at any distance: {@code water and paint the boats .} are two verbs, {@code
 *       water and paint are cheap .} two nouns, and nothing tells before the words behind the chain
 *   <li>to the right, one word on: {@code that lamp is old .} has a determiner, {@code that is old
 *       .} a pronoun
 *   <li>to the left: {@code they paint}, {@code the paint}
 * </ul>
 *
 * Names and compound nouns are many and most of them rare, so new text has words that no training
 * text had; what stands around them tells which they are. Who reads the whole sentence can tag all
 * words rightly; who reads only what is to the left cannot.
 */
public final class TaggedLanguage {
  private static final String BOTH =
      "water paint plant dust light stone salt oil butter silver fuel smoke";
  private static final String THINGS = "lamp door mill boat bell field letter wheel garden ladder";
  private static final String SYLLABLES = "mi ra to ka ne lu bo si dra fen vo ri tal we shu";
  private static final char TAG = '/';

  private TaggedLanguage() {}

  /** The grammar, whose words carry their tags: {@code lamp/NOUN}. */
  static ProbabilisticGrammar grammar() {
    ProbabilisticGrammar.Builder grammar = ProbabilisticGrammar.startingWith("SENTENCE");
    grammar
        .rule("SENTENCE", 4, "ORDERS OBJECT ./PUNCT")
        .rule("SENTENCE", 4, "GOODS are/AUX QUALITY ./PUNCT")
        .rule("SENTENCE", 3, "that/PRON is/AUX QUALITY ./PUNCT")
        .rule("SENTENCE", 3, "that/DET THING is/AUX QUALITY ./PUNCT")
        .rule("SENTENCE", 3, "NAME DEED the/DET GOOD ./PUNCT")
        .rule("SENTENCE", 2, "they/PRON ORDER OBJECT and/CCONJ the/DET GOOD is/AUX QUALITY ./PUNCT")
        .rule("ORDERS", 1, "ORDER")
        .rule("ORDERS", 2, "ORDER and/CCONJ ORDERS")
        .rule("GOODS", 1, "GOOD and/CCONJ GOOD")
        .rule("GOODS", 1, "GOOD and/CCONJ GOODS")
        .rule("OBJECT", 3, "the/DET QUALITY THING")
        .rule("OBJECT", 3, "the/DET THING")
        .rule("OBJECT", 1, "that/DET THING")
        .rule("OBJECT", 1, "it/PRON")
        .words("QUALITY", tagged("old cheap red heavy clean small warm", "ADJ"))
        .words("DEED", tagged("bought sold found lost wanted", "VERB"))
        .words("ORDER", tagged(BOTH, "VERB"))
        .words("GOOD", tagged(BOTH, "NOUN"))
        .words("NAME", tagged(pairs(SYLLABLES.split(" ")), "PROPN"))
        .rule("THING", 3, "COMMON")
        .rule("THING", 1, "COMPOUND")
        .words("COMMON", tagged(THINGS, "NOUN"))
        .words("COMPOUND", tagged(pairs(THINGS.split(" ")), "NOUN"));
    return grammar.build();
  }

  private static String tagged(String words, String tag) {
    return words.replace(" ", TAG + tag + " ") + TAG + tag;
  }

  /** Every part with every other behind it. */
  private static String pairs(String... parts) {
    List<String> pairs = new ArrayList<>();
    for (String first : parts) {
      for (String second : parts) {
        if (!first.equals(second)) {
          pairs.add(first + second);
        }
      }
    }
    return String.join(" ", pairs);
  }

  /** An endless text, the same for the same seed. */
  public static Stream<TaggedSentence> sentences(long seed) {
    ProbabilisticGrammar grammar = grammar();
    SplittableRandom random = new SplittableRandom(seed);
    return Stream.generate(() -> untangled(grammar.sample(random).words()));
  }

  private static TaggedSentence untangled(List<String> symbols) {
    return new TaggedSentence(
        symbols.stream().map(symbol -> symbol.substring(0, symbol.lastIndexOf(TAG))).toList(),
        symbols.stream().map(symbol -> symbol.substring(symbol.lastIndexOf(TAG) + 1)).toList());
  }
}
