package org.wordmill.lm;

import java.util.Arrays;
import java.util.List;
import org.wordmill.text.Vocabulary;

/**
 * Linear interpolation of language models (Jelinek and Mercer 1980): p(w|h) = sum over i of
 * lambda_i p_i(w|h). The models know the same words, whatever ids they give them; {@code <s>},
 * which is never predicted, need not be known to all. The ids of the mixture are those of the
 * first.
 */
public final class Mixture implements LanguageModel {
  private final List<LanguageModel> models;
  private final double[] weights;

  /**
   * For each model, its id of each word of the first one; NONE for a {@code <s>} that it has not.
   */
  private final int[][] ids;

  private record States(List<State> states) implements State {}

  /**
   * @param models that know the same words; closed with this
   * @param weights one for each model, not negative; they are divided by their sum
   * @throws IllegalArgumentException when the models differ in their words
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
    this.models = List.copyOf(models);
    Vocabulary first = models.get(0).vocabulary();
    this.ids = models.stream().map(model -> ids(first, model.vocabulary())).toArray(int[][]::new);
    this.weights = Arrays.stream(weights).map(w -> w / sum).toArray();
  }

  private static int[] ids(Vocabulary first, Vocabulary other) {
    int[] ids = new int[first.size()];
    int missing = 0;
    for (int token = 0; token < ids.length; token++) {
      String word = first.token(token);
      ids[token] = other.contains(word) ? other.id(word) : Vocabulary.NONE;
      missing += ids[token] == Vocabulary.NONE ? 1 : 0;
      if (ids[token] == Vocabulary.NONE && token != first.begin()) {
        throw new IllegalArgumentException(
            "the models differ in their vocabularies: not all know '" + word + "'");
      }
    }
    int common = first.size() - missing;
    boolean beginMore = missing == 0 && first.begin() == Vocabulary.NONE && other.begin() >= 0;
    if (other.size() - common > (beginMore ? 1 : 0)) {
      throw new IllegalArgumentException(
          "the models differ in their vocabularies: one has %d words, another %d"
              .formatted(first.size(), other.size()));
    }
    return ids;
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
    Arrays.setAll(after, i -> models.get(i).advance(before.get(i), ids[i][token]));
    return new States(List.of(after));
  }

  @Override
  public boolean remembersSentences() {
    return models.stream().anyMatch(LanguageModel::remembersSentences);
  }

  @Override
  public State nextSentence(State ended) {
    List<State> before = ((States) ended).states();
    State[] after = new State[before.size()];
    Arrays.setAll(after, i -> models.get(i).nextSentence(before.get(i)));
    return new States(List.of(after));
  }

  @Override
  public double logProbability(State state, int token) {
    List<State> states = ((States) state).states();
    double probability = 0;
    for (int i = 0; i < weights.length; i++) {
      if (ids[i][token] != Vocabulary.NONE) {
        probability +=
            weights[i] * Math.exp(models.get(i).logProbability(states.get(i), ids[i][token]));
      }
    }
    return Math.log(probability);
  }

  @Override
  public State logProbabilities(State state, int[] tokens, double[] out) {
    List<State> states = ((States) state).states();
    State[] after = new State[weights.length];
    double[] probabilities = new double[tokens.length];
    double[] some = new double[tokens.length];
    for (int i = 0; i < weights.length; i++) {
      int[] own = ids[i];
      after[i] =
          models
              .get(i)
              .logProbabilities(
                  states.get(i), Arrays.stream(tokens).map(token -> own[token]).toArray(), some);
      for (int t = 0; t < tokens.length; t++) {
        probabilities[t] += weights[i] * Math.exp(some[t]);
      }
    }
    Arrays.setAll(out, t -> t < tokens.length ? Math.log(probabilities[t]) : out[t]);
    return new States(List.of(after));
  }

  @Override
  public void nextLogProbabilities(State state, float[] out) {
    List<State> states = ((States) state).states();
    double[] probabilities = new double[vocabulary().size()];
    for (int i = 0; i < weights.length; i++) {
      float[] some = new float[models.get(i).vocabulary().size()];
      models.get(i).nextLogProbabilities(states.get(i), some);
      for (int token = 0; token < probabilities.length; token++) {
        int own = ids[i][token];
        probabilities[token] += own == Vocabulary.NONE ? 0 : weights[i] * Math.exp(some[own]);
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
