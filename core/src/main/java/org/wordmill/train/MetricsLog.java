package org.wordmill.train;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.Writer;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import org.wordmill.error.ExitCode;
import org.wordmill.error.WordmillException;
import org.wordmill.format.json.Json;
import org.wordmill.kernel.MatrixRate;
import org.wordmill.model.TrainingCost;

/**
 * The metrics of a run as JSON lines, one object each, flushed line by line: {@code {"step",
 * "loss", "learning_rate", "gradient_norm", "tokens", "epochs", "tokens_per_s", "seconds",
 * "sync_seconds", "input_seconds", "skipped", "step_seconds_p50", "step_seconds_p90",
 * "step_seconds_max", "model_flop_per_s"}} every log interval and for every step that was skipped,
 * and {@code {"step", "validation_loss", "tokens", "seconds", "best"}} for an evaluation, and
 * {@code {"step", "epoch", "mean_loss", "tokens", "whole"}} at the end of each epoch. Of a mix, a
 * log interval's line has {@code "mix"}, too: for each source {@code {"source", "windows", "share",
 * "epochs"}}. A number that is not finite is null, and the line says {@code "finite":false}; that
 * of an outlier says {@code "spike":true}. Every line ends with {@code "time"}, when it was
 * written, in seconds since 1970.
 *
 * <p>The seconds of steps are those since the last line. The model's floating point operations are
 * those of {@link TrainingCost}, and are left out for taggers; {@code "machine_share"} is what they
 * are of the machine's, where that is known.
 */
public final class MetricsLog implements TrainingListener, AutoCloseable {
  private final Writer out;
  private final String where;
  private final Schedule schedule;
  private final StepTimes times = new StepTimes();
  private Optional<MixPlan> mix = Optional.empty();
  private Optional<MatrixRate> rate = Optional.empty();
  private OptionalDouble operationsPerToken = OptionalDouble.empty();

  /**
   * @param out is closed with this log
   * @param where the file's name, for messages
   */
  public MetricsLog(Writer out, String where, Schedule schedule) {
    this.out = out;
    this.where = where;
    this.schedule = schedule;
  }

  /**
   * The lines of an earlier log that belong to the first {@code step} steps: what a resumed run
   * begins its log with. A last line that was cut off is left out.
   */
  public static List<String> linesUpTo(long step, BufferedReader log) throws IOException {
    List<String> lines = new ArrayList<>();
    for (String line = log.readLine(); line != null; line = log.readLine()) {
      try {
        JsonNode at = Json.parse(line, "metrics").path("step");
        if (at.isIntegralNumber() && at.longValue() <= step) {
          lines.add(line);
        }
      } catch (WordmillException cutOff) {
        if (cutOff.exitCode() != ExitCode.CORRUPT) {
          throw cutOff;
        }
      }
    }
    return lines;
  }

  /** Writes lines of an earlier log. */
  public void copy(List<String> lines) {
    try {
      for (String line : lines) {
        out.write(line);
        out.write('\n');
      }
      out.flush();
    } catch (IOException e) {
      throw unwritable(e);
    }
  }

  @Override
  public void mixed(MixPlan plan) {
    mix = Optional.of(plan);
  }

  @Override
  public void measured(MatrixRate machine) {
    rate = Optional.of(machine);
  }

  @Override
  public void started(TrainingConfig config, long step, long parameters, String sync) {
    operationsPerToken = TrainingCost.ofToken(config.model(), parameters);
  }

  @Override
  public void step(StepMetrics metrics) {
    times.add(metrics.seconds());
    if (!schedule.logsAt(metrics.step()) && metrics.updated()) {
      return;
    }
    Map<String, Object> line = new LinkedHashMap<>();
    line.put("step", metrics.step());
    line.put("loss", metrics.loss());
    line.put("learning_rate", metrics.learningRate());
    line.put("gradient_norm", metrics.gradientNorm());
    line.put("tokens", metrics.tokens());
    line.put("epochs", metrics.epochs());
    line.put("tokens_per_s", metrics.tokensPerSecond());
    line.put("seconds", metrics.seconds());
    line.put("sync_seconds", metrics.syncSeconds());
    line.put("input_seconds", metrics.inputSeconds());
    line.put("skipped", metrics.skipped());
    StepSeconds seconds = times.take();
    line.put("step_seconds_p50", seconds.p50());
    line.put("step_seconds_p90", seconds.p90());
    line.put("step_seconds_max", seconds.max());
    if (operationsPerToken.isPresent()) {
      double operations = metrics.tokensPerSecond() * operationsPerToken.getAsDouble();
      line.put("model_flop_per_s", operations);
      rate.ifPresent(
          machine -> line.put("machine_share", operations / machine.operationsPerSecond()));
    }
    mix.ifPresent(
        plan ->
            line.put("mix", plan.after(metrics.step()).stream().map(MetricsLog::source).toList()));
    if (!metrics.finite()) {
      line.put("finite", false);
    }
    if (metrics.spike()) {
      line.put("spike", true);
    }
    write(line);
  }

  @Override
  public void evaluated(EvaluationMetrics metrics) {
    Map<String, Object> line = new LinkedHashMap<>();
    line.put("step", metrics.step());
    line.put("validation_loss", metrics.validationLoss());
    line.put("tokens", metrics.tokens());
    line.put("seconds", metrics.seconds());
    line.put("best", metrics.best());
    if (!Double.isFinite(metrics.validationLoss())) {
      line.put("finite", false);
    }
    write(line);
  }

  @Override
  public void epoch(EpochMetrics metrics) {
    Map<String, Object> line = new LinkedHashMap<>();
    line.put("step", metrics.step());
    line.put("epoch", metrics.epoch());
    line.put("mean_loss", metrics.meanLoss());
    line.put("tokens", metrics.tokens());
    line.put("whole", metrics.whole());
    write(line);
  }

  private static Map<String, Object> source(MixPlan.Progress progress) {
    Map<String, Object> source = new LinkedHashMap<>();
    source.put("source", progress.source());
    source.put("windows", progress.windows());
    source.put("share", progress.share());
    source.put("epochs", progress.epochs());
    return source;
  }

  private void write(Map<String, Object> line) {
    line.put("time", BigDecimal.valueOf(System.currentTimeMillis(), 3));
    write(Json.write(line));
  }

  private void write(String line) {
    try {
      out.write(line);
      out.write('\n');
      out.flush();
    } catch (IOException e) {
      throw unwritable(e);
    }
  }

  @Override
  public void close() {
    try {
      out.close();
    } catch (IOException e) {
      throw unwritable(e);
    }
  }

  private WordmillException unwritable(IOException e) {
    return new WordmillException(
        ExitCode.STORAGE, "metrics cannot be written: " + e, where, "make room and resume", e);
  }
}
