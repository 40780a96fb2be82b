package org.wordmill.submit.command;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.wordmill.lm.CorpusScorer;
import org.wordmill.lm.LanguageModel;
import org.wordmill.lm.StreamScorer;
import org.wordmill.ngram.NgramModel;
import org.wordmill.submit.serve.Tokens;

/**
 * Every token of a text with its log10 probability, and for n-gram models how long an n-gram was
 * found for it: lines that are printed at once, or what one JSON object has of them.
 */
final class TokenScores implements CorpusScorer.Listener, StreamScorer.Listener {
  private static final double LN_10 = Math.log(10);

  private final OpenModel opened;
  private final Console console;
  private final boolean json;
  private final List<Record> tokens = new ArrayList<>();
  private long line;

  /** A token of a neural model. */
  private record Token(long sentence, String token, int id, double log10Probability) {}

  /** A token of an n-gram model. */
  private record NgramToken(
      long sentence, String token, int id, double log10Probability, int matchedOrder) {}

  TokenScores(OpenModel opened, Console console, boolean json) {
    this.opened = opened;
    this.console = console;
    this.json = json;
  }

  /** The tokens heard of, for JSON. */
  List<Record> tokens() {
    return tokens;
  }

  @Override
  public void token(
      long sentence, String word, int token, LanguageModel.State before, double logProbability) {
    double log10 = logProbability / LN_10;
    if (!(opened.model() instanceof NgramModel ngrams)) {
      tell(sentence, word, token, log10);
      return;
    }
    int matched = ngrams.matchedLength(before, token);
    if (json) {
      tokens.add(new NgramToken(sentence, word, token, log10, matched));
    } else {
      console.out().print(line(sentence, word, log10) + "\t" + matched + "\n");
    }
  }

  @Override
  public void token(int token, double logProbability) {
    String shown = Tokens.shown(opened.tokenizer(), token);
    tell(line, shown, token, logProbability / LN_10);
    line += shown.chars().filter(c -> c == '\n').count();
  }

  private void tell(long sentence, String token, int id, double log10) {
    if (json) {
      tokens.add(new Token(sentence, token, id, log10));
    } else {
      console.out().print(line(sentence, escaped(token), log10) + "\n");
    }
  }

  private static String line(long sentence, String token, double log10) {
    return String.format(Locale.ROOT, "%d\t%s\t%.6f", sentence, token, log10);
  }

  /** What would break a line or a column, as Java writes it. */
  private static String escaped(String token) {
    return token
        .replace("\\", "\\\\")
        .replace("\n", "\\n")
        .replace("\t", "\\t")
        .replace("\r", "\\r");
  }
}
