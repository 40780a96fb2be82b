package org.wordmill.submit.command;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.wordmill.error.ExitCode;
import org.wordmill.error.WordmillException;
import org.wordmill.lm.Sampler;
import org.wordmill.lm.TextGenerator;
import org.wordmill.submit.report.CurvePlot;
import org.wordmill.submit.report.Report;
import org.wordmill.submit.report.RunPage;
import org.wordmill.submit.report.RunReport;
import org.wordmill.train.TrainingConfig;
import org.wordmill.train.TrainingListener;
import org.wordmill.trainer.DataParallelTrainer;

/**
 * {@code report.html} of a training run, from its {@code metrics.jsonl}: written anew with every
 * checkpoint, so that an unfinished run has one, and with samples of the kept checkpoints when the
 * run ends.
 */
final class RunReportFile implements TrainingListener {
  private static final double TEMPERATURE = 0.8;
  private static final long SEED = 1;

  private final String output;
  private final String settings;
  private final int sampleTokens;
  private final Configuration configuration;
  private final Console console;
  private long steps;
  private long parameters;

  /**
   * @param settings of the run, as text
   * @param sampleTokens how long a sample of each kept checkpoint is; 0 for no samples
   */
  RunReportFile(
      String output,
      String settings,
      int sampleTokens,
      Configuration configuration,
      Console console) {
    this.output = output;
    this.settings = settings;
    this.sampleTokens = sampleTokens;
    this.configuration = configuration;
    this.console = console;
  }

  @Override
  public void started(TrainingConfig config, long step, long learned, String sync) {
    steps = config.schedule().steps();
    parameters = learned;
  }

  @Override
  public void saved(long step, String directory) {
    write(List.of());
  }

  /** Writes the page of a run that has ended. */
  void finish(boolean languageModel) {
    write(languageModel && sampleTokens > 0 ? samples() : List.of());
    console.note("the report of this run: " + output + "/report.html");
  }

  private void write(List<Report.Sample> samples) {
    List<Report.Point> training = new ArrayList<>();
    List<Report.Point> validation = new ArrayList<>();
    List<Report.Point> norms = new ArrayList<>();
    List<Report.Point> rates = new ArrayList<>();
    List<Report.Point> speeds = new ArrayList<>();
    List<Report.Point> operations = new ArrayList<>();
    List<Report.Point> shares = new ArrayList<>();
    List<Report.Point> longest = new ArrayList<>();
    long step = 0;
    long tokens = 0;
    for (JsonNode line :
        new RunFile(output, "metrics.jsonl", configuration).jsonLines("no log of metrics")) {
      step = Math.max(step, line.path("step").longValue());
      add(validation, line, "validation_loss");
      if (line.has("learning_rate")) {
        tokens = line.path("tokens").longValue();
        add(training, line, "loss");
        add(norms, line, "gradient_norm");
        add(rates, line, "learning_rate");
        add(speeds, line, "tokens_per_s");
        add(operations, line, "model_flop_per_s");
        add(shares, line, "machine_share");
        add(longest, line, "step_seconds_max");
      }
    }
    drawCurve(training, validation);
    Map<String, String> facts = new LinkedHashMap<>();
    facts.put("Steps", String.format(Locale.ROOT, "%,d of %,d", step, steps));
    facts.put("Tokens", String.format(Locale.ROOT, "%,d", tokens));
    facts.put("Parameters", String.format(Locale.ROOT, "%,d", parameters));
    if (!speeds.isEmpty()) {
      facts.put(
          "Speed, the median", String.format(Locale.ROOT, "%,.0f tokens a second", median(speeds)));
    }
    if (!operations.isEmpty()) {
      facts.put(
          "Model, the median",
          TrainingProgress.readable(median(operations))
              + (shares.isEmpty()
                  ? ""
                  : String.format(
                      Locale.ROOT,
                      ", %.1f%% of the machine's matrix products",
                      100 * median(shares))));
    }
    if (!longest.isEmpty()) {
      facts.put(
          "Longest step",
          String.format(
              Locale.ROOT,
              "%.3g seconds",
              longest.stream().mapToDouble(Report.Point::loss).max().orElseThrow()));
    }
    facts.put("Processors", String.valueOf(Runtime.getRuntime().availableProcessors()));
    RunFile page = new RunFile(output, "report.html", configuration);
    page.write(
        RunPage.html(
            new RunReport(
                output,
                summary(step, training, validation),
                facts,
                training,
                validation,
                List.of(
                    new RunReport.Chart(
                        "Gradient norm", "of the mean gradient, before clipping", norms),
                    new RunReport.Chart("Learning rate", "rate", rates),
                    new RunReport.Chart("Throughput", "tokens a second", speeds)),
                samples,
                settings,
                Versions.all())));
  }

  private static double median(List<Report.Point> points) {
    return points.stream().mapToDouble(Report.Point::loss).sorted().toArray()[points.size() / 2];
  }

  /** The learning curve as a picture, for those who want to show it elsewhere. */
  private void drawCurve(List<Report.Point> training, List<Report.Point> validation) {
    CurvePlot plot = new CurvePlot("steps", "nats per token");
    plot.curve("training", training);
    plot.curve("held-out text", validation);
    if (!plot.isEmpty()) {
      new RunFile(output, "learning-curve.png", configuration).write(plot.png());
    }
  }

  private String summary(long step, List<Report.Point> training, List<Report.Point> validation) {
    StringBuilder text = new StringBuilder();
    text.append(step < steps ? "Training, as far as it is." : "Training, complete.");
    if (!training.isEmpty()) {
      Report.Point last = training.get(training.size() - 1);
      text.append(
          String.format(
              Locale.ROOT,
              " The loss of the batch of step %,d was %.4f nats per token.",
              last.step(),
              last.loss()));
    }
    validation.stream()
        .min((a, b) -> Double.compare(a.loss(), b.loss()))
        .ifPresent(
            best ->
                text.append(
                    String.format(
                        Locale.ROOT,
                        " On held-out text it was lowest at step %,d: %.4f, a perplexity of %.2f.",
                        best.step(),
                        best.loss(),
                        Math.exp(best.loss()))));
    return text.toString();
  }

  private static void add(List<Report.Point> points, JsonNode line, String key) {
    if (line.path(key).isNumber()) {
      points.add(new Report.Point(line.path("step").longValue(), line.path(key).doubleValue()));
    }
  }

  private List<Report.Sample> samples() {
    List<Report.Sample> samples = new ArrayList<>();
    for (String checkpoint :
        DataParallelTrainer.checkpoints(output, configuration, console::note)) {
      // Of the vectors of the run, and of the model before, the heap holds but a few bytes: without
      // being asked the collector would let them stay beside the next model.
      System.gc();
      try (OpenModel model = Models.open(checkpoint, console)) {
        TextGenerator generator =
            new TextGenerator(model.model(), model.tokenizer(), new Sampler(TEMPERATURE, 0, 1));
        String text = generator.generate("", sampleTokens, SEED).text();
        samples.add(new Report.Sample("step " + model.facts().get("step"), "", text));
      } catch (WordmillException damaged) {
        if (damaged.exitCode() != ExitCode.CORRUPT) {
          throw damaged;
        }
        console.note("warning: no sample of a checkpoint: " + damaged.getMessage());
      }
    }
    return samples;
  }
}
