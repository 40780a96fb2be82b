package org.wordmill.lm;

import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
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

  /** Lines are scored together until they have so many tokens, which stay in the caches. */
  private static final int TOGETHER = 2048;

  /**
   * What the score of a line needs of it.
   *
   * @param tokens its words and {@code </s>}
   * @param characters with spaces and the line end
   * @param oov words that the vocabulary does not have
   * @param spelled what spelling these costs, natural logarithm
   */
  private record Line(int[] tokens, long characters, long oov, double spelled) {}

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
    boolean together = listener == SILENT && !model.remembersSentences();
    List<Line> waiting = new ArrayList<>();
    int tokens = 0;
    while (lines.next()) {
      Line line =
          line(lines.bytes(), lines.start(), lines.end() - lines.start(), file, lines.position());
      if (line == null) {
        continue;
      }
      if (!together) {
        sum = sum.plus(score(line, listener));
        continue;
      }
      waiting.add(line);
      tokens += line.tokens.length;
      if (tokens >= TOGETHER) {
        sum = plus(sum, waiting);
        tokens = 0;
      }
    }
    lineReport = lineReport.plus(lines.report());
    return plus(sum, waiting);
  }

  /** Adds the scores of lines, and forgets them. */
  private Perplexity plus(Perplexity sum, List<Line> lines) {
    Perplexity all = sum;
    for (Perplexity line : scores(lines)) {
      all = all.plus(line);
    }
    lines.clear();
    return all;
  }

  /**
   * Scores texts in memory, each from the model's start; together, where its sentences do not
   * depend on each other. What follows a line end at the end of a text is no line; an empty text is
   * one empty line.
   *
   * @param texts UTF-8
   * @param name for messages
   * @return {@link Perplexity#NONE} where the policy drops every line
   */
  public List<Perplexity> score(List<byte[]> texts, String name) {
    List<Line> lines = new ArrayList<>();
    int[] ends = new int[texts.size()];
    for (int i = 0; i < ends.length; i++) {
      byte[] text = texts.get(i);
      int from = 0;
      do {
        int to = from;
        while (to < text.length && text[to] != '\n') {
          to++;
        }
        Line line = line(text, from, to - from, name, from);
        if (line != null) {
          lines.add(line);
        }
        from = to + 1;
      } while (from < text.length);
      ends[i] = lines.size();
    }
    boolean together = !model.remembersSentences();
    List<Perplexity> ofLines = together ? scores(lines) : List.of();
    List<Perplexity> scores = new ArrayList<>(ends.length);
    int line = 0;
    for (int end : ends) {
      Perplexity sum = Perplexity.NONE;
      state = model.start();
      for (; line < end; line++) {
        sum = sum.plus(together ? ofLines.get(line) : score(lines.get(line), SILENT));
      }
      scores.add(sum);
    }
    return scores;
  }

  /** Reads a line; null when the policy drops it. */
  private @Nullable Line line(byte[] bytes, int offset, int length, String file, long position) {
    int words = scanner.scan(bytes, offset, length, file, position);
    if (words < 0) {
      return null;
    }
    int[] tokens = new int[words + 1];
    long characters = Math.max(1, words);
    long oov = 0;
    double spelled = 0;
    for (int i = 0; i < words; i++) {
      tokens[i] = token(i, file, position);
      int letters = scanner.letters(i);
      characters += letters;
      if (tokens[i] == unknown) {
        oov++;
        spelled += spelling.logProbability(letters);
      }
    }
    tokens[words] = end;
    return new Line(tokens, characters, oov, spelled);
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

  /** The score of the line that was read last, after those before it. */
  private Perplexity score(Line line, Listener listener) {
    double[] logProbabilities = new double[line.tokens.length];
    if (listener == SILENT) {
      state = model.logProbabilities(state, line.tokens, logProbabilities);
    } else {
      tell(line.tokens, logProbabilities, listener);
    }
    state = model.nextSentence(state);
    sentences++;
    return sum(line, logProbabilities);
  }

  private void tell(int[] tokens, double[] logProbabilities, Listener listener) {
    for (int i = 0; i < tokens.length; i++) {
      logProbabilities[i] = model.logProbability(state, tokens[i]);
      String word = i < tokens.length - 1 ? scanner.word(i) : Vocabulary.END;
      listener.token(sentences, word, tokens[i], state, logProbabilities[i]);
      state = model.advance(state, tokens[i]);
    }
  }

  /** The scores of lines that do not depend on each other. */
  private List<Perplexity> scores(List<Line> lines) {
    List<Perplexity> scores = new ArrayList<>(lines.size());
    while (scores.size() < lines.size()) {
      int first = scores.size();
      List<int[]> texts = new ArrayList<>();
      List<double[]> logProbabilities = new ArrayList<>();
      int tokens = 0;
      for (int i = first; i < lines.size() && tokens < TOGETHER; i++) {
        int[] text = lines.get(i).tokens;
        texts.add(text);
        logProbabilities.add(new double[text.length]);
        tokens += text.length;
      }
      model.logProbabilities(texts, logProbabilities);
      for (int i = 0; i < texts.size(); i++) {
        scores.add(sum(lines.get(first + i), logProbabilities.get(i)));
      }
    }
    return scores;
  }

  private Perplexity sum(Line line, double[] logProbabilities) {
    int words = line.tokens.length - 1;
    double sum = 0;
    double oovSum = 0;
    long zeros = Perplexity.isZero(logProbabilities[words]) ? 1 : 0;
    for (int i = 0; i < words; i++) {
      sum += logProbabilities[i];
      zeros += Perplexity.isZero(logProbabilities[i]) ? 1 : 0;
      if (line.tokens[i] == unknown) {
        oovSum += logProbabilities[i];
      }
    }
    return new Perplexity(
        words + 1L,
        line.oov,
        1,
        line.characters,
        sum + logProbabilities[words],
        oovSum,
        line.spelled,
        zeros);
  }

  /** What was met in the texts. */
  public TextReport report() {
    return scanner.report().plus(lineReport);
  }
}
