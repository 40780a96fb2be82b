package org.wordmill.submit.command;

import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.wordmill.error.ExitCode;
import org.wordmill.error.WordmillException;
import org.wordmill.format.arpa.ArpaBuffer;
import org.wordmill.lm.CorpusScorer;
import org.wordmill.lm.LanguageModel;
import org.wordmill.ngram.NgramModel;

/**
 * Prints scores as KenLM's {@code query} prints them, for scripts that read its output: a line for
 * a sentence, with {@code word=id length log10} for every token, and four lines at the end. Sums
 * are made as there, in single precision within a sentence.
 *
 * <p>{@code <unk>} has the id 0. Other ids are those that {@code build_binary probing} would give,
 * the order in the ARPA file; a trie of KenLM has its own.
 */
final class KenlmScores implements CorpusScorer.Listener {
  private static final double LN_10 = Math.log(10);

  private final NgramModel model;
  private final int unknown;
  private final PrintStream out;
  private final ArpaBuffer number = new ArpaBuffer();
  private final StringBuilder line = new StringBuilder();
  private float total;
  private long oov;
  private long tokens;
  private long allOov;
  private double sum;
  private double oovSum;

  /**
   * @throws WordmillException USAGE for a model that is not one of n-grams
   */
  KenlmScores(OpenModel opened, PrintStream out) {
    if (!(opened.model() instanceof NgramModel ngrams)) {
      throw new WordmillException(
          ExitCode.USAGE,
          "--per-token kenlm tells how long an n-gram was found, and this is a model of kind "
              + opened.kind(),
          opened.path(),
          "give --per-token, whose lines need no n-grams");
    }
    model = ngrams;
    unknown = ngrams.vocabulary().unknown();
    this.out = out;
  }

  @Override
  public void token(
      long sentence, String word, int token, LanguageModel.State before, double logProbability) {
    float log10 = (float) (logProbability / LN_10);
    line.append(word).append('=').append(id(token)).append(' ');
    line.append(model.matchedLength(before, token)).append(' ').append(shortest(log10));
    line.append('\t');
    total += log10;
    tokens++;
    if (token == unknown) {
      oov++;
      oovSum += log10;
    }
    if (token == model.vocabulary().end()) {
      endSentence();
    }
  }

  private void endSentence() {
    out.print(line + "Total: " + shortest(total) + " OOV: " + oov + "\n");
    line.setLength(0);
    sum += total;
    allOov += oov;
    total = 0;
    oov = 0;
  }

  private int id(int token) {
    return token == unknown ? 0 : token < unknown ? token + 1 : token;
  }

  /** The fewest digits that read back as the same float. */
  private String shortest(float value) {
    number.clear();
    number.number(value);
    return new String(number.bytes(), 0, number.length(), StandardCharsets.US_ASCII);
  }

  /** What query prints at the end. */
  String summary() {
    return "Perplexity including OOVs:\t"
        + Math.pow(10, -(sum / tokens))
        + "\nPerplexity excluding OOVs:\t"
        + Math.pow(10, -((sum - oovSum) / (tokens - allOov)))
        + "\nOOVs:\t"
        + allOov
        + "\nTokens:\t"
        + tokens
        + "\n";
  }
}
