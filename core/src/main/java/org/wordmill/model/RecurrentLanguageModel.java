package org.wordmill.model;

import java.util.Arrays;
import org.wordmill.kernel.KernelChoice;
import org.wordmill.kernel.Tensor;
import org.wordmill.lm.LanguageModel;
import org.wordmill.module.recurrent.Recurrence;
import org.wordmill.tape.ParameterVector;
import org.wordmill.tape.SequenceCache;
import org.wordmill.text.Vocabulary;

/**
 * A trained {@link RecurrentLm} as a language model. Its state is the hidden vectors of all layers
 * (and their cells), which summarise the whole history, however long: to advance a state costs the
 * same for every token, and a state is as large after a million tokens as after one.
 *
 * <p>The start token is that of {@link TransformerLanguageModel#startToken}; without any the first
 * token is uniform. One thread at a time.
 */
public final class RecurrentLanguageModel implements LanguageModel {
  /** Tokens read at once; more would make activations larger and nothing faster. */
  private static final int MOST_AT_ONCE = 256;

  /** Scores computed at once, in elements. */
  private static final long MOST_SCORES = 1 << 22;

  /**
   * What each layer remembers, lowest first, as a sequence cache does; nothing before the first
   * token.
   */
  private record Memory(float[] numbers) implements State {}

  private final RecurrentLm model;
  private final Vocabulary vocabulary;
  private final Evaluator evaluator;
  private final SequenceCache cache;
  private final int stateWidth;
  private final int startToken;

  /**
   * @param values the learned parameters, not changed while this model is used
   * @param vocabulary of the model's size
   */
  public RecurrentLanguageModel(
      RecurrentLm model, ParameterVector values, Vocabulary vocabulary, KernelChoice kernels) {
    if (vocabulary.size() != model.config().vocabularySize()) {
      throw new IllegalArgumentException(
          "a vocabulary of %d tokens for a model of %d"
              .formatted(vocabulary.size(), model.config().vocabularySize()));
    }
    this.model = model;
    this.vocabulary = vocabulary;
    this.evaluator = new Evaluator(model, values, kernels.create(values.flat().precision()));
    this.cache = new SequenceCache(evaluator.kernels(), MOST_AT_ONCE + 1);
    this.stateWidth = model.layers().stream().mapToInt(Recurrence::stateWidth).sum();
    this.startToken = TransformerLanguageModel.startToken(vocabulary);
  }

  @Override
  public Vocabulary vocabulary() {
    return vocabulary;
  }

  @Override
  public State start() {
    Memory nothing = new Memory(new float[0]);
    return startToken == Vocabulary.NONE ? nothing : advance(nothing, startToken);
  }

  @Override
  public State advance(State state, int token) {
    recall((Memory) state);
    evaluator.hidden(new int[] {token}, cache);
    return memory();
  }

  @Override
  public boolean remembersSentences() {
    return true;
  }

  @Override
  public double logProbability(State state, int token) {
    float[] scores = nextScores((Memory) state);
    return scores[token] - Scores.logNormalizer(scores, 0, vocabulary.size());
  }

  @Override
  public void nextLogProbabilities(State state, float[] out) {
    float[] scores = nextScores((Memory) state);
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
    out[0] = logProbability(state, tokens[0]);
    Memory memory = (Memory) state;
    for (int from = 0; from < tokens.length; ) {
      // Powers of two, so that few shapes occur.
      int count = Math.min(MOST_AT_ONCE, Integer.highestOneBit(tokens.length - from));
      recall(memory);
      Tensor hidden = evaluator.hidden(Arrays.copyOfRange(tokens, from, from + count), cache);
      score(hidden, tokens, from, out);
      memory = memory();
      from += count;
    }
    return memory;
  }

  /** The factors of the tokens behind each of those whose vectors are {@code hidden}. */
  private void score(Tensor hidden, int[] tokens, int from, double[] out) {
    int size = vocabulary.size();
    int width = hidden.columns();
    int rows = Math.min(hidden.rows(), tokens.length - 1 - from);
    int most = (int) Math.max(1, MOST_SCORES / size);
    for (int row = 0; row < rows; ) {
      int count = Integer.highestOneBit(Math.min(most, rows - row));
      float[] scores = evaluator.scores(hidden.view((long) row * width, count, width));
      for (int i = 0; i < count; i++) {
        int token = from + row + i + 1;
        double normalizer = Scores.logNormalizer(scores, i * size, size);
        out[token] = scores[i * size + tokens[token]] - normalizer;
      }
      row += count;
    }
  }

  private float[] nextScores(Memory memory) {
    if (memory.numbers.length == 0) {
      return new float[vocabulary.size()];
    }
    // What the head reads is the hidden state of the last layer, with which its memory begins.
    int width = model.config().width();
    Recurrence last = model.layers().get(model.layers().size() - 1);
    int begin = stateWidth - last.stateWidth();
    Tensor hidden = evaluator.kernels().zeros(1, width);
    hidden.copyFrom(Arrays.copyOfRange(memory.numbers, begin, begin + width));
    return evaluator.scores(hidden);
  }

  /** Makes the cache hold one position, after which every layer's state is that of the memory. */
  private void recall(Memory memory) {
    cache.truncate(0);
    if (memory.numbers.length == 0) {
      return;
    }
    int begin = 0;
    for (Recurrence layer : model.layers()) {
      int width = layer.stateWidth();
      Tensor row = cache.of(layer, width).view(0, 1, width);
      row.copyFrom(Arrays.copyOfRange(memory.numbers, begin, begin + width));
      begin += width;
    }
    cache.extend(1);
  }

  /** The state after the last position of the cache. */
  private Memory memory() {
    float[] numbers = new float[stateWidth];
    int begin = 0;
    for (Recurrence layer : model.layers()) {
      int width = layer.stateWidth();
      Tensor row = cache.of(layer, width).view((cache.length() - 1L) * width, 1, width);
      System.arraycopy(row.toFloats(), 0, numbers, begin, width);
      begin += width;
    }
    return new Memory(numbers);
  }
}
