package org.wordmill.lm;

import java.io.IOException;
import java.io.InputStream;
import org.wordmill.error.ExitCode;
import org.wordmill.error.WordmillException;
import org.wordmill.text.LineReader;
import org.wordmill.text.RecentWords;
import org.wordmill.text.TextPolicy;
import org.wordmill.text.TextReport;
import org.wordmill.text.Vocabulary;
import org.wordmill.text.WordScanner;

/**
 * Scores text under a model of words, one sentence a line: each line is {@code w_1 ... w_m </s>}
 * after {@code <s>}, or after the lines before it in its file for a model that remembers them
 * ({@link LanguageModel#nextSentence}).
 *
 * <p>A line has the characters of its words, a space between words, and a line end. One scorer
 * belongs to one thread; several may share a model that many threads may use.
 */
public final class CorpusScorer {

  /** Hears of each token as it is scored. */
  @FunctionalInterface
  public interface Listener {
    /**
     * @param sentence the number of the sentence, from 0
     * @param word as in the text, or {@code </s>}
     * @param token its id
     * @param before the state in which it was predicted
     * @param logProbability natural logarithm
     */
    void token(
        long sentence, String word, int token, LanguageModel.State before, double logProbability);
  }

  /** Hears nothing; no string is made for it. */
  public static final Listener SILENT = (sentence, word, token, before, logProbability) -> {};

  private final LanguageModel model;
  private final TextPolicy policy;
  private final Spelling spelling;
  private final WordScanner scanner;
  private TextReport lineReport = TextReport.EMPTY;
  private final RecentWords ids;
  private final int unknown;
  private final int end;
  private LanguageModel.State state;
  private long sentences;

  /**
   * @param model its vocabulary has {@code </s>}
   * @param policy reserved words in text are best {@link TextPolicy.Reserved#UNKNOWN}, which is how
   *     KenLM's query takes {@code <unk>}
   */
  public CorpusScorer(LanguageModel model, TextPolicy policy, Spelling spelling) {
    this.model = model;
    this.policy = policy;
    this.spelling = spelling;
    scanner = new WordScanner(policy);
    state = model.start();
    ids = new RecentWords(model.vocabulary().words());
    unknown = model.vocabulary().unknown();
    end = model.vocabulary().end();
    if (end == Vocabulary.NONE) {
      throw new WordmillException(
          ExitCode.USAGE,
          "the model has no " + Vocabulary.END + ", so it does not model sentences of words",
          "",
          "score it as a model of characters");
    }
  }

  /** Scores a whole text. */
  public Perplexity score(InputStream in, String file) throws IOException {
    return score(in, file, SILENT);
  }

  /**
   * Scores a whole text.
   *
   * @param in UTF-8, read to its end, not closed
   * @param file the name for messages
   */
  public Perplexity score(InputStream in, String file, Listener listener) throws IOException {
    LineReader lines = new LineReader(in, file, policy);
    Perplexity sum = Perplexity.NONE;
    state = model.start();
    while (lines.next()) {
      sum =
          sum.plus(
              scoreLine(
                  lines.bytes(),
                  lines.start(),
                  lines.end() - lines.start(),
                  file,
                  lines.position(),
                  listener));
    }
    lineReport = lineReport.plus(lines.report());
    return sum;
  }

  /**
   * Scores a text in memory from the model's start, whatever was scored before. What follows a line
   * end at the end of the text is no line; an empty text is one empty line.
   *
   * @param text UTF-8
   * @param name for messages
   * @return {@link Perplexity#NONE} when the policy drops every line
   */
  public Perplexity scoreText(byte[] text, String name) {
    Perplexity sum = Perplexity.NONE;
    state = model.start();
    int from = 0;
    do {
      int end = from;
      while (end < text.length && text[end] != '\n') {
        end++;
      }
      Perplexity line = scoreLine(text, from, end - from, name, from, SILENT);
      sum = from == 0 ? line : sum.plus(line);
      from = end + 1;
    } while (from < text.length);
    return sum;
  }

  /**
   * Scores one line.
   *
   * @return {@link Perplexity#NONE} when the policy drops the line
   * @see WordScanner#scan
   */
  public Perplexity scoreLine(
      byte[] line, int offset, int length, String file, long position, Listener listener) {
    int words = scanner.scan(line, offset, length, file, position);
    if (words < 0) {
      return Perplexity.NONE;
    }
    int[] tokens = new int[words + 1];
    for (int i = 0; i < words; i++) {
      tokens[i] = token(i, file, position);
    }
    tokens[words] = end;
    double[] logProbabilities = new double[tokens.length];
    if (listener == SILENT) {
      state = model.logProbabilities(state, tokens, logProbabilities);
    } else {
      tell(tokens, logProbabilities, listener);
    }
    state = model.nextSentence(state);
    sentences++;
    return sum(tokens, logProbabilities);
  }

  private int token(int word, String file, long position) {
    int token =
        scanner.isUnknown(word)
            ? Vocabulary.NONE
            : ids.find(scanner.bytes(), scanner.start(word), scanner.end(word));
    if (token != Vocabulary.NONE) {
      return token;
    }
    if (unknown == Vocabulary.NONE) {
      throw new WordmillException(
          ExitCode.BAD_INPUT,
          "the model has no " + Vocabulary.UNKNOWN + " for the word '" + scanner.word(word) + "'",
          file + " at byte " + position,
          "score text of known words only");
    }
    return unknown;
  }

  private void tell(int[] tokens, double[] logProbabilities, Listener listener) {
    for (int i = 0; i < tokens.length; i++) {
      logProbabilities[i] = model.logProbability(state, tokens[i]);
      String word = i < tokens.length - 1 ? scanner.word(i) : Vocabulary.END;
      listener.token(sentences, word, tokens[i], state, logProbabilities[i]);
      state = model.advance(state, tokens[i]);
    }
  }

  private Perplexity sum(int[] tokens, double[] logProbabilities) {
    int words = tokens.length - 1;
    long characters = Math.max(1, words);
    double sum = 0;
    double oovSum = 0;
    double spelled = 0;
    long oov = 0;
    long zeros = Perplexity.isZero(logProbabilities[words]) ? 1 : 0;
    for (int i = 0; i < words; i++) {
      int letters = scanner.letters(i);
      characters += letters;
      sum += logProbabilities[i];
      zeros += Perplexity.isZero(logProbabilities[i]) ? 1 : 0;
      if (tokens[i] == unknown) {
        oov++;
        oovSum += logProbabilities[i];
        spelled += spelling.logProbability(letters);
      }
    }
    return new Perplexity(
        words + 1L, oov, 1, characters, sum + logProbabilities[words], oovSum, spelled, zeros);
  }

  /** What was met in the texts. */
  public TextReport report() {
    return scanner.report().plus(lineReport);
  }
}
