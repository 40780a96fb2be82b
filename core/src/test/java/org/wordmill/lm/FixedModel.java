package org.wordmill.lm;

import org.wordmill.text.Vocabulary;

/** A bigram model by hand: {@code table[previous][next]} are probabilities; start is a row too. */
class FixedModel implements LanguageModel {
  private final Vocabulary vocabulary;
  private final double[][] table;
  private final int startRow;

  private record Row(int row) implements State {}

  FixedModel(Vocabulary vocabulary, int startRow, double[][] table) {
    this.vocabulary = vocabulary;
    this.startRow = startRow;
    this.table = table;
  }

  @Override
  public Vocabulary vocabulary() {
    return vocabulary;
  }

  @Override
  public State start() {
    return new Row(startRow);
  }

  @Override
  public State advance(State state, int token) {
    return new Row(token);
  }

  @Override
  public double logProbability(State state, int token) {
    return Math.log(table[((Row) state).row()][token]);
  }

  @Override
  public void nextLogProbabilities(State state, float[] out) {
    for (int token = 0; token < out.length; token++) {
      out[token] = (float) logProbability(state, token);
    }
  }
}
