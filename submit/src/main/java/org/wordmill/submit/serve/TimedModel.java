package org.wordmill.submit.serve;

import java.util.Arrays;
import org.wordmill.lm.LanguageModel;
import org.wordmill.text.Vocabulary;

/**
 * A model that works until the time limit of a request, and keeps the factors of the text that it
 * was asked for.
 */
final class TimedModel implements LanguageModel {
  private final LanguageModel model;
  private final TimeLimit limit;
  private int[] tokens = new int[64];
  private double[] factors = new double[64];
  private int size;

  TimedModel(LanguageModel model, TimeLimit limit) {
    this.model = model;
    this.limit = limit;
  }

  /** The tokens whose log-probabilities were asked for, in turn. */
  int[] tokens() {
    return Arrays.copyOf(tokens, size);
  }

  /** Their log-probabilities, natural logarithm. */
  double[] factors() {
    return Arrays.copyOf(factors, size);
  }

  @Override
  public Vocabulary vocabulary() {
    return model.vocabulary();
  }

  @Override
  public State start() {
    limit.check();
    return model.start();
  }

  @Override
  public State advance(State state, int token) {
    limit.check();
    return model.advance(state, token);
  }

  @Override
  public boolean remembersSentences() {
    return model.remembersSentences();
  }

  @Override
  public State nextSentence(State ended) {
    return model.nextSentence(ended);
  }

  @Override
  public double logProbability(State state, int token) {
    limit.check();
    double factor = model.logProbability(state, token);
    keep(new int[] {token}, new double[] {factor});
    return factor;
  }

  @Override
  public void nextLogProbabilities(State state, float[] out) {
    limit.check();
    model.nextLogProbabilities(state, out);
  }

  @Override
  public State logProbabilities(State state, int[] text, double[] out) {
    limit.check();
    State after = model.logProbabilities(state, text, out);
    keep(text, out);
    return after;
  }

  private void keep(int[] newTokens, double[] newFactors) {
    int after = size + newTokens.length;
    if (after > tokens.length) {
      tokens = Arrays.copyOf(tokens, Math.max(after, 2 * size));
      factors = Arrays.copyOf(factors, tokens.length);
    }
    System.arraycopy(newTokens, 0, tokens, size, newTokens.length);
    System.arraycopy(newFactors, 0, factors, size, newTokens.length);
    size = after;
  }
}
