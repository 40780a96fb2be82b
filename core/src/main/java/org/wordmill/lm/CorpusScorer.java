package org.wordmill.lm;

import java.io.IOException;
import java.io.InputStream;
import org.wordmill.error.ExitCode;
import org.wordmill.error.WordmillException;
import org.wordmill.text.LineReader;
import org.wordmill.text.TextPolicy;
import org.wordmill.text.TextReport;
import org.wordmill.text.Vocabulary;
import org.wordmill.text.WordIds;
import org.wordmill.text.WordScanner;

/**
 * Scores text under a model of words, one sentence a line: each line is {@code w_1 ... w_m </s>}
 * after {@code <s>}.
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
  private final WordIds ids;
  private final int unknown;
  private final int end;
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
    ids = WordIds.of(model.vocabulary());
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
    LineReader lines = new LineReader(in, file, policy.maxLineBytes());
    Perplexity sum = Perplexity.NONE;
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
    LanguageModel.State state = model.start();
    double sum = 0;
    double oovSum = 0;
    double spelled = 0;
    long oov = 0;
    long characters = Math.max(1, words);
    for (int i = 0; i < words; i++) {
      int letters = letters(i);
      characters += letters;
      int token =
          scanner.isUnknown(i)
              ? Vocabulary.NONE
              : ids.find(scanner.bytes(), scanner.start(i), scanner.end(i));
      boolean isOov = token == Vocabulary.NONE || token == unknown;
      if (isOov && unknown == Vocabulary.NONE) {
        throw new WordmillException(
            ExitCode.BAD_INPUT,
            "the model has no " + Vocabulary.UNKNOWN + " for the word '" + scanner.word(i) + "'",
            file + " at byte " + position,
            "score text of known words only");
      }
      token = isOov ? unknown : token;
      double logProbability = model.logProbability(state, token);
      if (listener != SILENT) {
        listener.token(sentences, scanner.word(i), token, state, logProbability);
      }
      sum += logProbability;
      if (isOov) {
        oov++;
        oovSum += logProbability;
        spelled += spelling.logProbability(letters);
      }
      state = model.advance(state, token);
    }
    double logProbability = model.logProbability(state, end);
    listener.token(sentences, Vocabulary.END, end, state, logProbability);
    sentences++;
    return new Perplexity(words + 1L, oov, 1, characters, sum + logProbability, oovSum, spelled);
  }

  /** What was met in the texts. */
  public TextReport report() {
    return scanner.report();
  }

  private int letters(int word) {
    int letters = 0;
    for (int p = scanner.start(word); p < scanner.end(word); p++) {
      letters += (scanner.bytes()[p] & 0xC0) == 0x80 ? 0 : 1;
    }
    return letters;
  }
}
