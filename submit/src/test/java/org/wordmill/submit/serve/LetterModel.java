package org.wordmill.submit.serve;

import org.wordmill.lm.LanguageModel;
import org.wordmill.text.Characters;
import org.wordmill.text.Vocabulary;

/** How often each letter of a text followed each, with a little for all that never did. */
final class LetterModel implements LanguageModel {
  private static final double LITTLE = 0.001;

  private final Vocabulary vocabulary;
  private final double[][] counts;

  private record Letter(int id) implements State {}

  LetterModel(Characters characters, String text) {
    vocabulary = characters.vocabulary();
    counts = new double[vocabulary.size()][vocabulary.size()];
    int before = vocabulary.lineEnd();
    for (int letter : characters.encode(text)) {
      counts[before][letter]++;
      before = letter;
    }
  }

  @Override
  public Vocabulary vocabulary() {
    return vocabulary;
  }

  @Override
  public State start() {
    return new Letter(vocabulary.lineEnd());
  }

  @Override
  public State advance(State state, int token) {
    return new Letter(token);
  }

  @Override
  public double logProbability(State state, int token) {
    double sum = 0;
    for (double count : counts[((Letter) state).id()]) {
      sum += count + LITTLE;
    }
    return Math.log((counts[((Letter) state).id()][token] + LITTLE) / sum);
  }

  @Override
  public void nextLogProbabilities(State state, float[] out) {
    for (int token = 0; token < out.length; token++) {
      out[token] = (float) logProbability(state, token);
    }
  }
}
