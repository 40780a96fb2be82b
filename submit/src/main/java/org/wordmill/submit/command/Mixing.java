package org.wordmill.submit.command;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.wordmill.error.ExitCode;
import org.wordmill.error.WordmillException;
import org.wordmill.lm.LanguageModel;
import org.wordmill.lm.Mixture;
import org.wordmill.lm.MixtureWeights;
import org.wordmill.text.TextPolicy;
import org.wordmill.text.Vocabulary;

/** Mixtures of models that were opened, with weights that held-out text asks for. */
final class Mixing {
  private Mixing() {}

  /**
   * The mixture of models under which a held-out text is likeliest.
   *
   * @param heldOut its files
   * @return named by its weights; belongs to the caller as the models do, and need not be closed
   * @throws WordmillException USAGE when the models have different tokens, BAD_INPUT when there is
   *     no text
   */
  static OpenModel fitted(List<OpenModel> models, List<String> heldOut, TextPolicy policy) {
    OpenModel first = models.get(0);
    requireSameTokens(models);
    double[][] logProbabilities = new double[models.size()][];
    for (int i = 0; i < models.size(); i++) {
      OpenModel model = models.get(i);
      Recorder recorder = new Recorder(model.model());
      Scoring.score(model.withModel(recorder), heldOut, policy);
      logProbabilities[i] = recorder.logProbabilities();
    }
    if (logProbabilities[0].length == 0) {
      throw new WordmillException(
          ExitCode.BAD_INPUT,
          "there is no text to fit the weights of the mixture to",
          String.join(", ", heldOut),
          "give files with text in them");
    }
    double[] weights = MixtureWeights.fit(logProbabilities);
    String name =
        String.join(
            " + ",
            IntStream.range(0, weights.length)
                .mapToObj(
                    i -> String.format(Locale.ROOT, "%.3f %s", weights[i], models.get(i).path()))
                .toList());
    Mixture mixture = new Mixture(models.stream().map(OpenModel::model).toList(), weights);
    return new OpenModel(
        name,
        "mixture",
        mixture,
        first.tokenizer(),
        first.ofSentences(),
        Map.of("weights", Arrays.stream(weights).boxed().toList()));
  }

  private static void requireSameTokens(List<OpenModel> models) {
    boolean sentences = models.get(0).ofSentences();
    if (models.stream().anyMatch(model -> model.ofSentences() != sentences)) {
      throw refusal("a model of words and a model of characters have no mixture");
    }
    TreeMap<String, Integer> known = new TreeMap<>();
    for (OpenModel model : models) {
      for (String token : model.model().vocabulary().tokens()) {
        known.merge(token, 1, Integer::sum);
      }
    }
    known.remove(Vocabulary.BEGIN);
    known.forEach(
        (token, times) -> {
          if (times < models.size()) {
            throw refusal("not all models of the mixture know '" + token + "'");
          }
        });
  }

  private static WordmillException refusal(String what) {
    return new WordmillException(
        ExitCode.USAGE,
        what,
        "--mixture",
        "give models of the same text and vocabulary, such as those of estimate"
            + " --vocabulary-limit N and train --set vocabulary_limit=N");
  }

  /** A model that keeps the probabilities it is asked for. */
  private static final class Recorder implements LanguageModel {
    private final LanguageModel model;
    private final List<double[]> parts = new ArrayList<>();

    Recorder(LanguageModel model) {
      this.model = model;
    }

    double[] logProbabilities() {
      return parts.stream().flatMapToDouble(Arrays::stream).toArray();
    }

    @Override
    public Vocabulary vocabulary() {
      return model.vocabulary();
    }

    @Override
    public State start() {
      return model.start();
    }

    @Override
    public State advance(State state, int token) {
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
      double logProbability = model.logProbability(state, token);
      parts.add(new double[] {logProbability});
      return logProbability;
    }

    @Override
    public void nextLogProbabilities(State state, float[] out) {
      model.nextLogProbabilities(state, out);
    }

    @Override
    public State logProbabilities(State state, int[] tokens, double[] out) {
      State after = model.logProbabilities(state, tokens, out);
      parts.add(Arrays.copyOf(out, tokens.length));
      return after;
    }
  }
}
