package org.wordmill.model;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.wordmill.kernel.Ids;
import org.wordmill.kernel.KernelChoice;
import org.wordmill.kernel.Kernels;
import org.wordmill.kernel.Tensor;
import org.wordmill.lm.LanguageModel;
import org.wordmill.tape.ParameterVector;
import org.wordmill.tape.Tape;
import org.wordmill.tape.Variable;
import org.wordmill.text.Vocabulary;

/**
 * A trained {@link TransformerLm} as a language model. Its state is the tail of the history: the
 * last tokens that fit the context, beginning with the start token where nothing came before.
 *
 * <p>One token at a time, a token is predicted from the whole tail. Many at once ({@link
 * #logProbabilities}), the text is cut into overlapping windows, so that a position is predicted
 * from at least half a context of history (or from all there is): a little less than token by token
 * when the text is longer than the context, and the same when it is not.
 *
 * <p>The start token is {@code <s>} where the vocabulary has one, else {@code </s>}, else the line
 * end: what precedes a new text in a stream. Without any of them the first token is uniform. One
 * thread at a time.
 */
public final class TransformerLanguageModel implements LanguageModel {
  private static final String LINE_END = "\n";

  /** Scores that one batch of windows may hold, in elements. */
  private static final long LARGEST_BATCH = 1 << 22;

  private static final int MOST_WINDOWS = 16;

  /** The last tokens, at most a context of them. */
  private static final class Tail implements State {
    private final int[] ids;

    Tail(int[] ids) {
      this.ids = ids;
    }
  }

  /** A tape and its thread: a tape refuses others. */
  private record Workspace(Thread owner, Tape tape) {}

  private final TransformerLm model;
  private final ParameterVector values;
  private final Vocabulary vocabulary;
  private final KernelChoice kernels;
  private final int context;
  private final int startToken;
  private @Nullable Workspace workspace;

  /**
   * @param values the learned parameters, not changed while this model is used
   * @param vocabulary of the model's size
   */
  public TransformerLanguageModel(
      TransformerLm model, ParameterVector values, Vocabulary vocabulary, KernelChoice kernels) {
    if (vocabulary.size() != model.config().vocabularySize()) {
      throw new IllegalArgumentException(
          "a vocabulary of %d tokens for a model of %d"
              .formatted(vocabulary.size(), model.config().vocabularySize()));
    }
    this.model = model;
    this.values = values;
    this.vocabulary = vocabulary;
    this.kernels = kernels;
    this.context = model.config().contextLength();
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
    return vocabulary.contains(LINE_END) ? vocabulary.id(LINE_END) : Vocabulary.NONE;
  }

  @Override
  public Vocabulary vocabulary() {
    return vocabulary;
  }

  @Override
  public State start() {
    return new Tail(startToken == Vocabulary.NONE ? new int[0] : new int[] {startToken});
  }

  @Override
  public State advance(State state, int token) {
    int[] before = ((Tail) state).ids;
    int kept = Math.min(before.length, context - 1);
    int[] after = Arrays.copyOfRange(before, before.length - kept, before.length + 1);
    after[kept] = token;
    return new Tail(after);
  }

  @Override
  public double logProbability(State state, int token) {
    float[] scores = nextScores(((Tail) state).ids);
    return scores[token] - logNormalizer(scores, 0);
  }

  @Override
  public void nextLogProbabilities(State state, float[] out) {
    float[] scores = nextScores(((Tail) state).ids);
    double normalizer = logNormalizer(scores, 0);
    for (int v = 0; v < vocabulary.size(); v++) {
      out[v] = (float) (scores[v] - normalizer);
    }
  }

  @Override
  public State logProbabilities(State state, int[] tokens, double[] out) {
    if (tokens.length == 0) {
      return state;
    }
    int[] tail = ((Tail) state).ids;
    int[] text = Arrays.copyOf(tail, tail.length + tokens.length);
    System.arraycopy(tokens, 0, text, tail.length, tokens.length);
    if (tail.length == 0) {
      out[0] = -Math.log(vocabulary.size());
    }
    // Position p of the text predicts token p + 1; the last position predicts nothing here.
    int first = Math.max(0, tail.length - 1);
    for (int p = first; p < text.length - 1; ) {
      p = scoreBatch(text, p, tail.length, out);
    }
    return new Tail(Arrays.copyOfRange(text, Math.max(0, text.length - context), text.length));
  }

  /**
   * Runs windows from position {@code from} on.
   *
   * @param offset the index in {@code text} of the token that {@code out[0]} belongs to
   * @return the first position that is still to be scored
   */
  private int scoreBatch(int[] text, int from, int offset, double[] out) {
    int end = text.length - 1;
    // The first window reaches from the beginning as far as it can; others keep half of what
    // is known.
    int stride = context - context / 2;
    int start = from < context ? 0 : from - context / 2;
    int beyondFirst = Math.max(0, end - (start + context));
    int windows = 1 + (beyondFirst + stride - 1) / stride;
    windows = Math.min(windows, windowsPerBatch());
    int time = windows == 1 ? paddedLength(Math.min(context, end - start)) : context;

    int[] inputs = new int[windows * time];
    for (int w = 0; w < windows; w++) {
      int begin = start + w * stride;
      System.arraycopy(text, begin, inputs, w * time, Math.min(time, end - begin));
    }
    Tape tape = tape();
    float[] scores = model.logits(tape, new Ids(inputs, windows, time)).value().toFloats();
    int p = from;
    for (int w = 0; w < windows; w++) {
      int begin = start + w * stride;
      for (; p < Math.min(end, begin + time); p++) {
        int row = (w * time + p - begin) * vocabulary.size();
        out[p + 1 - offset] = scores[row + text[p + 1]] - logNormalizer(scores, row);
      }
    }
    return p;
  }

  private int windowsPerBatch() {
    long each = (long) context * vocabulary.size();
    return (int) Math.max(1, Math.min(MOST_WINDOWS, LARGEST_BATCH / each));
  }

  /** The scores of the token after {@code tail}. */
  private float[] nextScores(int[] tail) {
    if (tail.length == 0) {
      return new float[vocabulary.size()];
    }
    // What is padded on the right cannot be heard on the left.
    int[] inputs = Arrays.copyOf(tail, paddedLength(tail.length));
    Tape tape = tape();
    Tensor hidden = model.hidden(tape, new Ids(inputs, 1, inputs.length)).value();
    int width = hidden.columns();
    Variable last = tape.constant(hidden.view((tail.length - 1L) * width, 1, width));
    return model.head(tape, last).value().toFloats();
  }

  /** The next power of two within the context, so that few shapes occur and memory is reused. */
  private int paddedLength(int length) {
    int power = Integer.highestOneBit(length);
    return Math.min(context, power == length ? length : 2 * power);
  }

  /** log of the sum of exp of the scores of one row. */
  private double logNormalizer(float[] scores, int row) {
    float largest = Float.NEGATIVE_INFINITY;
    for (int v = 0; v < vocabulary.size(); v++) {
      largest = Math.max(largest, scores[row + v]);
    }
    double sum = 0;
    for (int v = 0; v < vocabulary.size(); v++) {
      sum += Math.exp(scores[row + v] - largest);
    }
    return largest + Math.log(sum);
  }

  private Tape tape() {
    Workspace known = workspace;
    if (known == null || known.owner() != Thread.currentThread()) {
      Kernels owned = kernels.create(values.flat().precision());
      Tape tape = Tape.forEvaluation(owned, values.within(owned));
      known = new Workspace(Thread.currentThread(), tape);
      workspace = known;
    }
    known.tape().reset(0);
    return known.tape();
  }
}
