package org.wordmill.submit.command;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.wordmill.lm.Perplexity;
import org.wordmill.text.LineReader;
import org.wordmill.text.TextPolicy;
import org.wordmill.text.WordScanner;
import org.wordmill.text.synthetic.ProbabilisticGrammar;
import org.wordmill.text.synthetic.SyntheticLanguage;

/**
 * The score of a text under the grammar that made it, in the figures of a model of words: the best
 * that any model can do on long text.
 */
final class EntropyBound {
  private static final double LN_2 = Math.log(2);

  private EntropyBound() {}

  /** The bound, if every line is a sentence of the language that synthesize writes. */
  static Optional<Perplexity> of(List<String> paths, TextPolicy policy) {
    ProbabilisticGrammar grammar = SyntheticLanguage.grammar();
    Perplexity[] sum = {Perplexity.NONE};
    boolean[] foreign = {false};
    Texts.forEachFile(
        paths,
        (in, file) -> {
          LineReader lines = new LineReader(in, file, policy);
          WordScanner scanner = new WordScanner(policy);
          while (!foreign[0] && lines.next()) {
            int words =
                scanner.scan(
                    lines.bytes(),
                    lines.start(),
                    lines.end() - lines.start(),
                    file,
                    lines.position());
            Perplexity sentence = score(grammar, scanner, words);
            foreign[0] = Double.isInfinite(sentence.logProbability());
            sum[0] = sum[0].plus(sentence);
          }
        });
    return foreign[0] || sum[0].tokens() == 0 ? Optional.empty() : Optional.of(sum[0]);
  }

  private static Perplexity score(ProbabilisticGrammar grammar, WordScanner scanner, int count) {
    List<String> words = new ArrayList<>();
    long letters = 0;
    for (int i = 0; i < count; i++) {
      String word = scanner.word(i);
      words.add(word);
      letters += word.codePointCount(0, word.length());
    }
    double log = grammar.log2Probability(words) * LN_2;
    return new Perplexity(count + 1L, 0, 1, Math.max(1, count) + letters, log, 0, 0);
  }
}
