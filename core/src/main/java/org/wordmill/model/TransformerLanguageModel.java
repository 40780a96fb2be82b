package org.wordmill.model;

import java.util.Arrays;
import org.wordmill.kernel.Ids;
import org.wordmill.kernel.KernelChoice;
import org.wordmill.kernel.Tensor;
import org.wordmill.lm.LanguageModel;
import org.wordmill.tape.ParameterVector;
import org.wordmill.text.Vocabulary;

/**
 * A trained {@link TransformerLm} as a language model. Its state is a window: the tail of the
 * history that the model hears, beginning with the start token where nothing came before.
 *
 * <p>A window grows token by token to the T tokens of the context; the token after that is heard in
 * a new window, which begins with the newest T/2 tokens (rounded down) of the full one. So every
 * token of a long text is predicted from between T/2 and T tokens of history, where its window
 * begins depends on nothing but the number of tokens before it, and token by token gives the same
 * probabilities as many at once ({@link #logProbabilities}). Learned positions count from the
 * beginning of the window. A window that moved with every token would have to be read again for
 * every token; this one is read again once in T/2 tokens.
 *
 * <p>Keys and values of tokens that were read before are found in {@link PrefixCaches}, so to
 * advance the newest state and ask for the next token costs one token, and so does any state whose
 * beginning has been read lately. Long texts are scored as batches of windows, without caches.
 *
 * <p>The start token is {@code <s>} where the vocabulary has one, else {@code </s>}, else the line
 * end: what precedes a new text in a stream. Without any of them the first token is uniform. One
 * thread at a time.
 */
public final class TransformerLanguageModel implements LanguageModel {

  /** Scores computed at once, in elements. */
  private static final long MOST_SCORES = 1 << 22;

  /** Tokens of one batch of windows; more would make activations larger and products no faster. */
  private static final int MOST_TOKENS = 1024;

  /** The tokens that are heard, at most a context of them. */
  private record Window(int[] tokens) implements State {}

  private final Vocabulary vocabulary;
  private final Evaluator evaluator;
  private final PrefixCaches caches;
  private final int startToken;

  /** T, and how many tokens of a full window the next one begins with. */
  private final int context;

  private final int kept;

  /**
   * @param values the learned parameters, not changed while this model is used
   * @param vocabulary of the model's size
   */
  public TransformerLanguageModel(
      TransformerLm model, ParameterVector values, Vocabulary vocabulary, KernelChoice kernels) {
    TransformerConfig config = model.config();
    if (vocabulary.size() != config.vocabularySize()) {
      throw new IllegalArgumentException(
          "a vocabulary of %d tokens for a model of %d"
              .formatted(vocabulary.size(), config.vocabularySize()));
    }
    this.vocabulary = vocabulary;
    this.evaluator = new Evaluator(model, values, kernels.create(values.flat().precision()));
    this.caches = new PrefixCaches(evaluator, config);
    this.context = config.contextLength();
    this.kept = context / 2;
    this.startToken = startToken(vocabulary);
  }

  /** The token after which a text begins, or {@link Vocabulary#NONE}. */
  public static int startToken(Vocabulary vocabulary) {
    if (vocabulary.begin() != Vocabulary.NONE) {
      return vocabulary.begin();
    }
    if (vocabulary.end() != Vocabulary.NONE) {
      return vocabulary.end();
    }
    return vocabulary.lineEnd();
  }

  @Override
  public Vocabulary vocabulary() {
    return vocabulary;
  }

  @Override
  public State start() {
    return new Window(startToken == Vocabulary.NONE ? new int[0] : new int[] {startToken});
  }

  @Override
  public State advance(State state, int token) {
    int[] before = ((Window) state).tokens;
    int heard = before.length < context ? before.length : kept;
    int[] after = Arrays.copyOfRange(before, before.length - heard, before.length + 1);
    after[heard] = token;
    return new Window(after);
  }

  @Override
  public State nextSentence(State ended) {
    return ended;
  }

  @Override
  public double logProbability(State state, int token) {
    float[] scores = nextScores(((Window) state).tokens);
    return scores[token] - Scores.logNormalizer(scores, 0, vocabulary.size());
  }

  @Override
  public void nextLogProbabilities(State state, float[] out) {
    float[] scores = nextScores(((Window) state).tokens);
    double normalizer = Scores.logNormalizer(scores, 0, vocabulary.size());
    for (int v = 0; v < vocabulary.size(); v++) {
      out[v] = (float) (scores[v] - normalizer);
    }
  }

  @Override
  public State logProbabilities(State state, int[] tokens, double[] out) {
    if (tokens.length == 0) {
      return state;
    }
    int[] window = ((Window) state).tokens;
    int[] text = Arrays.copyOf(window, window.length + tokens.length);
    System.arraycopy(tokens, 0, text, window.length, tokens.length);
    if (window.length == 0) {
      out[0] = -Math.log(vocabulary.size());
    }
    Scoring scoring = new Scoring(text, window.length, out);
    scoring.rest(scoring.firstWindow());
    return new Window(Arrays.copyOfRange(text, windowBegin(text.length), text.length));
  }

  /** Where the window of the last of {@code length} tokens begins. */
  private int windowBegin(int length) {
    int stride = context - kept;
    return length <= context ? 0 : (length - context + stride - 1) / stride * stride;
  }

  /** The scores of the token after {@code window}. */
  private float[] nextScores(int[] window) {
    return window.length == 0
        ? new float[vocabulary.size()]
        : evaluator.scores(caches.hidden(window, window.length - 1, 1));
  }

  /**
   * One call of {@link #logProbabilities}. Position p of the text predicts token p + 1; the last
   * position predicts nothing here.
   *
   * @param offset the index in {@code text} of the token that {@code out[0]} belongs to
   */
  private final class Scoring {
    private final int[] text;
    private final int offset;
    private final double[] out;
    private final int end;

    Scoring(int[] text, int offset, double[] out) {
      this.text = text;
      this.offset = offset;
      this.out = out;
      this.end = text.length - 1;
    }

    /** Fills the window of the state up, and returns the first position behind it. */
    int firstWindow() {
      int from = Math.max(0, offset - 1);
      int to = Math.min(context, end);
      if (from >= to) {
        return from;
      }
      score(from, to, caches.hidden(Arrays.copyOf(text, to), from, to - from));
      return to;
    }

    /** Runs windows of which each but the last is full, from the first position of one on. */
    void rest(int from) {
      int stride = context - kept;
      int most = Math.max(1, MOST_TOKENS / context);
      for (int p = from; p < end; ) {
        int needed = (end - p + stride - 1) / stride;
        // Powers of two, so that few shapes occur.
        int windows = Integer.highestOneBit(Math.min(most, needed));
        int[] inputs = new int[windows * context];
        for (int w = 0; w < windows; w++) {
          int begin = p - kept + w * stride;
          System.arraycopy(text, begin, inputs, w * context, Math.min(context, end - begin));
        }
        Tensor hidden = evaluator.hidden(new Ids(inputs, windows, context));
        int width = hidden.columns();
        for (int w = 0; w < windows; w++) {
          int to = Math.min(end, p + stride);
          score(p, to, hidden.view(((long) w * context + kept) * width, to - p, width));
          p = to;
        }
      }
    }

    /** Scores what positions {@code from .. to} predict, whose vectors are {@code hidden}. */
    private void score(int from, int to, Tensor hidden) {
      int most = (int) Math.max(1, MOST_SCORES / vocabulary.size());
      for (int p = from; p < to; ) {
        int count = Integer.highestOneBit(Math.min(most, to - p));
        int width = hidden.columns();
        float[] scores = evaluator.scores(hidden.view((long) (p - from) * width, count, width));
        for (int row = 0; row < scores.length; row += vocabulary.size()) {
          out[p + 1 - offset] =
              scores[row + text[p + 1]] - Scores.logNormalizer(scores, row, vocabulary.size());
          p++;
        }
      }
    }
  }
}
