package org.wordmill.lm;

import java.util.Arrays;
import org.wordmill.text.Vocabulary;

/**
 * The model that has learned nothing: every token but {@code <s>} is equally likely, so its
 * perplexity is the size of the vocabulary. The baseline of every comparison. Immutable and safe
 * for use by many threads.
 */
public final class UniformModel implements LanguageModel {
  private enum NoHistory implements State {
    STATE
  }

  private final Vocabulary vocabulary;
  private final double logProbability;

  public UniformModel(Vocabulary vocabulary) {
    this.vocabulary = vocabulary;
    int tokens = vocabulary.size() - (vocabulary.begin() == Vocabulary.NONE ? 0 : 1);
    if (tokens < 1) {
      throw new IllegalArgumentException("no token to predict");
    }
    logProbability = -Math.log(tokens);
  }

  @Override
  public Vocabulary vocabulary() {
    return vocabulary;
  }

  @Override
  public State start() {
    return NoHistory.STATE;
  }

  @Override
  public State advance(State state, int token) {
    return state;
  }

  @Override
  public double logProbability(State state, int token) {
    return token == vocabulary.begin() ? Double.NEGATIVE_INFINITY : logProbability;
  }

  @Override
  public void nextLogProbabilities(State state, float[] out) {
    Arrays.fill(out, 0, vocabulary.size(), (float) logProbability);
    if (vocabulary.begin() != Vocabulary.NONE) {
      out[vocabulary.begin()] = Float.NEGATIVE_INFINITY;
    }
  }
}
