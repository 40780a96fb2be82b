package org.wordmill.lm;

import java.util.Arrays;
import java.util.List;
import org.wordmill.text.Vocabulary;

/**
 * Linear interpolation of language models (Jelinek and Mercer 1980): p(w|h) = sum over i of
 * lambda_i p_i(w|h), where every model has the same vocabulary.
 */
public final class Mixture implements LanguageModel {
  private final List<LanguageModel> models;
  private final double[] weights;

  private record States(List<State> states) implements State {}

  /**
   * @param models with equal vocabularies; closed with this
   * @param weights one for each model, not negative; they are divided by their sum
   */
  public Mixture(List<? extends LanguageModel> models, double... weights) {
    if (models.isEmpty() || models.size() != weights.length) {
      throw new IllegalArgumentException(
          models.size() + " models with " + weights.length + " weights");
    }
    double sum = Arrays.stream(weights).sum();
    if (Arrays.stream(weights).anyMatch(w -> !(w >= 0)) || !(sum > 0) || Double.isInfinite(sum)) {
      throw new IllegalArgumentException("the weights " + Arrays.toString(weights));
    }
    List<String> tokens = models.get(0).vocabulary().tokens();
    for (LanguageModel model : models) {
      if (!model.vocabulary().tokens().equals(tokens)) {
        throw new IllegalArgumentException("the models differ in their vocabularies");
      }
    }
    this.models = List.copyOf(models);
    this.weights = Arrays.stream(weights).map(w -> w / sum).toArray();
  }

  @Override
  public Vocabulary vocabulary() {
    return models.get(0).vocabulary();
  }

  @Override
  public State start() {
    return new States(models.stream().map(LanguageModel::start).toList());
  }

  @Override
  public State advance(State state, int token) {
    List<State> before = ((States) state).states();
    State[] after = new State[before.size()];
    Arrays.setAll(after, i -> models.get(i).advance(before.get(i), token));
    return new States(List.of(after));
  }

  @Override
  public double logProbability(State state, int token) {
    List<State> states = ((States) state).states();
    double probability = 0;
    for (int i = 0; i < weights.length; i++) {
      probability += weights[i] * Math.exp(models.get(i).logProbability(states.get(i), token));
    }
    return Math.log(probability);
  }

  @Override
  public void nextLogProbabilities(State state, float[] out) {
    List<State> states = ((States) state).states();
    double[] probabilities = new double[vocabulary().size()];
    for (int i = 0; i < weights.length; i++) {
      models.get(i).nextLogProbabilities(states.get(i), out);
      for (int token = 0; token < probabilities.length; token++) {
        probabilities[token] += weights[i] * Math.exp(out[token]);
      }
    }
    for (int token = 0; token < probabilities.length; token++) {
      out[token] = (float) Math.log(probabilities[token]);
    }
  }

  @Override
  public void close() {
    models.forEach(LanguageModel::close);
  }
}
