package org.wordmill.model;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
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
 * beginning has been read lately. Long texts, and many texts, are scored as batches of windows,
 * without caches.
 *
 * <p>The start token is {@code <s>} where the vocabulary has one, else {@code </s>}, else the line
 * end: what precedes a new text in a stream. Without any of them the first token is uniform. One
 * thread at a time.
 */
public final class TransformerLanguageModel implements LanguageModel {

  /** The tokens that are heard, at most a context of them. */
  private record Window(int[] tokens) implements State {}

  private final Vocabulary vocabulary;
  private final Evaluator evaluator;
  private final PrefixCaches caches;
  private final HeadRows head;
  private final WindowBatches batches;
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
    this.head = new HeadRows(evaluator, config.width(), vocabulary.size());
    this.batches = new WindowBatches(evaluator, head, context);
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
  public boolean remembersSentences() {
    return true;
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
    // Position p of the text predicts token p + 1; the last one predicts nothing here.
    int end = text.length - 1;
    int from = Math.max(0, window.length - 1);
    int to = Math.max(from, Math.min(context, end));
    if (from < to) {
      Tensor hidden = caches.hidden(Arrays.copyOf(text, to), from, to - from);
      head.add(hidden, text, from + 1, out, from + 1 - window.length);
    }
    List<WindowBatches.Window> rest = new ArrayList<>();
    addWindows(rest, text, to, out, window.length);
    batches.run(rest, false);
    head.finish(false);
    return new Window(Arrays.copyOfRange(text, windowBegin(text.length), text.length));
  }

  @Override
  public void logProbabilities(List<int[]> texts, List<double[]> out) {
    int before = startToken == Vocabulary.NONE ? 0 : 1;
    List<WindowBatches.Window> windows = new ArrayList<>();
    for (int i = 0; i < texts.size(); i++) {
      int[] tokens = texts.get(i);
      if (tokens.length == 0) {
        continue;
      }
      int[] text = new int[before + tokens.length];
      text[0] = startToken;
      System.arraycopy(tokens, 0, text, before, tokens.length);
      if (before == 0) {
        out.get(i)[0] = -Math.log(vocabulary.size());
      }
      int to = Math.min(context, text.length - 1);
      if (to > 0) {
        windows.add(new WindowBatches.Window(text, 0, 0, to, out.get(i), before));
      }
      addWindows(windows, text, to, out.get(i), before);
    }
    batches.run(windows, true);
    head.finish(true);
  }

  /** Adds the windows of a text from the first position of one on; each but the last is full. */
  private void addWindows(
      List<WindowBatches.Window> windows, int[] text, int from, double[] out, int offset) {
    int end = text.length - 1;
    int stride = context - kept;
    for (int p = from; p < end; p += stride) {
      windows.add(
          new WindowBatches.Window(text, p - kept, p, Math.min(end, p + stride), out, offset));
    }
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
}
