package org.wordmill.submit.report;

import java.util.List;
import java.util.Map;

/**
 * What the page of a training run shows.
 *
 * @param title the heading
 * @param summary how far the run is, in a sentence
 * @param facts name and value
 * @param training loss of single steps' batches, nats per token
 * @param validation loss on held-out text, nats per token
 * @param charts what else was measured at steps
 * @param samples a text of each kept checkpoint, the first first; none of a model that writes none
 * @param settings everything the run depends on, as text
 * @param versions name and version
 */
public record RunReport(
    String title,
    String summary,
    Map<String, String> facts,
    List<Report.Point> training,
    List<Report.Point> validation,
    List<Chart> charts,
    List<Report.Sample> samples,
    String settings,
    Map<String, String> versions) {

  public RunReport {
    training = List.copyOf(training);
    validation = List.copyOf(validation);
    charts = List.copyOf(charts);
    samples = List.copyOf(samples);
  }

  /**
   * One quantity against steps.
   *
   * @param name of the quantity, for a heading
   * @param unit of its values
   */
  public record Chart(String name, String unit, List<Report.Point> points) {
    public Chart {
      points = List.copyOf(points);
    }
  }
}
