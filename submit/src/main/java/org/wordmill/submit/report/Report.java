package org.wordmill.submit.report;

import java.util.List;
import java.util.Map;

/**
 * What a report shows.
 *
 * @param title the heading
 * @param summary the result in a few sentences
 * @param facts name and value, what was done with which text in what time
 * @param models the compared models, the best last
 * @param curve how training went
 * @param samples a text of each model
 * @param ngrams the most frequent n-grams of each order
 * @param settings everything the training depended on, as text
 * @param versions name and version
 * @param commands the commands that do the same by hand
 */
public record Report(
    String title,
    String summary,
    Map<String, String> facts,
    List<Model> models,
    Curve curve,
    List<Sample> samples,
    List<FrequentNgrams> ngrams,
    String settings,
    Map<String, String> versions,
    List<String> commands) {

  public Report {
    models = List.copyOf(models);
    samples = List.copyOf(samples);
    ngrams = List.copyOf(ngrams);
    commands = List.copyOf(commands);
  }

  /**
   * A model on the held-out text.
   *
   * @param name as people call it
   * @param description what it is, in a sentence
   * @param bitsPerCharacter the common unit, smaller is better
   * @param perplexity of its own tokens
   * @param unit what its own tokens are: words or characters
   * @param size how large it is, with unit
   */
  public record Model(
      String name,
      String description,
      double bitsPerCharacter,
      double perplexity,
      String unit,
      String size) {}

  /**
   * A learning curve.
   *
   * @param training loss of each step's batch, nats per token
   * @param validation loss on the held-out text, nats per token
   * @param references horizontal lines to compare with, by name, nats per token
   */
  public record Curve(
      List<Point> training, List<Point> validation, Map<String, Double> references) {
    public Curve {
      training = List.copyOf(training);
      validation = List.copyOf(validation);
    }
  }

  /** A loss after so many steps. */
  public record Point(long step, double loss) {}

  /**
   * A text that a model has written.
   *
   * @param prompt what it was given
   * @param text what it wrote after that
   */
  public record Sample(String model, String prompt, String text) {}

  /** The n-grams of one order by falling count. */
  public record FrequentNgrams(int order, long distinct, List<Count> top) {
    public FrequentNgrams {
      top = List.copyOf(top);
    }
  }

  /** An n-gram and how often it was counted. */
  public record Count(String ngram, long count) {}
}
