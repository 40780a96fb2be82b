package org.wordmill.model;

import java.util.Arrays;
import org.wordmill.kernel.Ids;
import org.wordmill.kernel.KernelChoice;
import org.wordmill.lm.LanguageModel;
import org.wordmill.tape.ParameterVector;
import org.wordmill.tape.Tape;
import org.wordmill.text.Vocabulary;

/**
 * The naive reference of {@link TransformerLanguageModel}: a state is the whole history, and every
 * prediction runs the model forward over the whole window. Nothing is remembered.
 */
final class WholeForwardModel implements LanguageModel {
  private record History(int[] tokens) implements State {}

  private final TransformerLm model;
  private final Vocabulary vocabulary;
  private final Tape tape;

  WholeForwardModel(
      TransformerLm model, ParameterVector values, Vocabulary vocabulary, KernelChoice kernels) {
    this.model = model;
    this.vocabulary = vocabulary;
    this.tape = Tape.forEvaluation(kernels.create(values.flat().precision()), values);
  }

  @Override
  public Vocabulary vocabulary() {
    return vocabulary;
  }

  @Override
  public State start() {
    return new History(new int[] {TransformerLanguageModel.startToken(vocabulary)});
  }

  @Override
  public State advance(State state, int token) {
    int[] before = ((History) state).tokens;
    int[] after = Arrays.copyOf(before, before.length + 1);
    after[before.length] = token;
    return new History(after);
  }

  @Override
  public double logProbability(State state, int token) {
    float[] all = new float[vocabulary.size()];
    nextLogProbabilities(state, all);
    return all[token];
  }

  @Override
  public void nextLogProbabilities(State state, float[] out) {
    int[] window = window(((History) state).tokens, model.config().contextLength());
    tape.reset(0);
    float[] scores = model.logits(tape, new Ids(window, 1, window.length)).value().toFloats();
    int row = scores.length - out.length;
    double sum = 0;
    for (int v = 0; v < out.length; v++) {
      sum += Math.exp(scores[row + v]);
    }
    for (int v = 0; v < out.length; v++) {
      out[v] = (float) (scores[row + v] - Math.log(sum));
    }
  }

  /** What is heard: windows of T tokens, each beginning with the last T/2 of the one before. */
  private static int[] window(int[] history, int context) {
    int begin = 0;
    while (history.length - begin > context) {
      begin += context - context / 2;
    }
    return Arrays.copyOfRange(history, begin, history.length);
  }
}
